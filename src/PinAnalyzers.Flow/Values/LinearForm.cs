using System;
using System.Collections.Generic;

namespace PinAnalyzers.Flow.Values;

/// <summary>A sum of values with whole coefficients and a constant, in normal form: the same sum written in any order is equal.</summary>
public sealed class LinearForm : IEquatable<LinearForm>
{
    private readonly KeyValuePair<int, long>[] _terms;

    private LinearForm(KeyValuePair<int, long>[] terms, long constant)
    {
        _terms = terms;
        Constant = constant;
    }

    public long Constant { get; }

    public int Count => _terms.Length;

    public KeyValuePair<int, long> this[int index] => _terms[index];

    public static LinearForm OfConstant(long constant) => new([], constant);

    public static LinearForm OfValue(int value) => new([new(value, 1)], 0);

    /// <summary><c>left + factor * right</c>, or null when a coefficient leaves the range of <see cref="long"/> or the sum grows too long to be worth keeping.</summary>
    public static LinearForm? Add(LinearForm left, LinearForm right, long factor)
    {
        SortedDictionary<int, long> sum = [];
        try
        {
            checked
            {
                foreach (KeyValuePair<int, long> term in left._terms) sum[term.Key] = term.Value;
                foreach (KeyValuePair<int, long> term in right._terms)
                {
                    sum.TryGetValue(term.Key, out long current);
                    long next = current + (factor * term.Value);
                    if (next == 0) sum.Remove(term.Key);
                    else sum[term.Key] = next;
                }

                if (sum.Count > MaxTerms) return null;
                KeyValuePair<int, long>[] terms = new KeyValuePair<int, long>[sum.Count];
                sum.CopyTo(terms, 0);
                return new LinearForm(terms, left.Constant + (factor * right.Constant));
            }
        }
        catch (OverflowException)
        {
            // A sum that leaves the range has no normal form here; the caller falls back to an opaque value.
            return null;
        }
    }

    public bool Equals(LinearForm? other)
    {
        if (other is null || other.Constant != Constant || other._terms.Length != _terms.Length) return false;
        for (int i = 0; i < _terms.Length; i++)
        {
            if (_terms[i].Key != other._terms[i].Key || _terms[i].Value != other._terms[i].Value) return false;
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as LinearForm);

    public override int GetHashCode()
    {
        unchecked
        {
            int hash = Constant.GetHashCode();
            foreach (KeyValuePair<int, long> term in _terms) hash = (hash * 31) + (term.Key * 17) + term.Value.GetHashCode();
            return hash;
        }
    }

    private const int MaxTerms = 8;
}
