using System;
using System.Collections.Generic;

namespace PinAnalyzers.Flow.Lattices;

/// <summary>
/// Persistent map from small integers to values, kept as two sorted arrays. States hold a few dozen entries and are joined far more often
/// than they are written, so a linear merge over arrays beats any tree.
/// </summary>
public readonly struct IntMap<TValue> : IEquatable<IntMap<TValue>>
{
    private readonly int[]? _keys;
    private readonly TValue[]? _values;

    private IntMap(int[] keys, TValue[] values)
    {
        _keys = keys;
        _values = values;
    }

    public static IntMap<TValue> Empty => default;

    public int Count => _keys?.Length ?? 0;

    public int KeyAt(int index) => _keys![index];

    public TValue ValueAt(int index) => _values![index];

    public bool TryGet(int key, out TValue value)
    {
        int index = Find(key);
        if (index < 0)
        {
            value = default!;
            return false;
        }

        value = _values![index];
        return true;
    }

    public bool Contains(int key) => Find(key) >= 0;

    public IntMap<TValue> Set(int key, TValue value)
    {
        int index = Find(key);
        if (index >= 0)
        {
            if (EqualityComparer<TValue>.Default.Equals(_values![index], value)) return this;
            TValue[] copy = (TValue[])_values.Clone();
            copy[index] = value;
            return new IntMap<TValue>(_keys!, copy);
        }

        index = ~index;
        int count = Count;
        int[] keys = new int[count + 1];
        TValue[] values = new TValue[count + 1];
        if (count > 0)
        {
            Array.Copy(_keys!, 0, keys, 0, index);
            Array.Copy(_values!, 0, values, 0, index);
            Array.Copy(_keys!, index, keys, index + 1, count - index);
            Array.Copy(_values!, index, values, index + 1, count - index);
        }

        keys[index] = key;
        values[index] = value;
        return new IntMap<TValue>(keys, values);
    }

    public IntMap<TValue> Remove(int key)
    {
        int index = Find(key);
        if (index < 0) return this;
        int count = Count - 1;
        if (count == 0) return default;
        int[] keys = new int[count];
        TValue[] values = new TValue[count];
        Array.Copy(_keys!, 0, keys, 0, index);
        Array.Copy(_values!, 0, values, 0, index);
        Array.Copy(_keys!, index + 1, keys, index, count - index);
        Array.Copy(_values!, index + 1, values, index, count - index);
        return new IntMap<TValue>(keys, values);
    }

    public bool Equals(IntMap<TValue> other)
    {
        if (ReferenceEquals(_keys, other._keys) && ReferenceEquals(_values, other._values)) return true;
        if (Count != other.Count) return false;
        for (int i = 0; i < Count; i++)
        {
            if (_keys![i] != other._keys![i] || !EqualityComparer<TValue>.Default.Equals(_values![i], other._values![i])) return false;
        }

        return true;
    }

    public override bool Equals(object? obj) => obj is IntMap<TValue> other && Equals(other);

    public override int GetHashCode()
    {
        int hash = Count;
        for (int i = 0; i < Count; i++) hash = unchecked((hash * 31) + _keys![i]);
        return hash;
    }

    private int Find(int key) => _keys is null ? ~0 : Array.BinarySearch(_keys, key);

    /// <summary>Collects entries in ascending key order and makes the map once, without a copy per entry.</summary>
    public sealed class Builder
    {
        private readonly List<int> _keys = [];
        private readonly List<TValue> _values = [];
        private bool _sorted = true;

        public void Add(int key, TValue value)
        {
            if (_keys.Count > 0 && _keys[_keys.Count - 1] >= key) _sorted = false;
            _keys.Add(key);
            _values.Add(value);
        }

        public IntMap<TValue> ToMap()
        {
            if (_keys.Count == 0) return default;
            if (_sorted) return new IntMap<TValue>(_keys.ToArray(), _values.ToArray());
            IntMap<TValue> map = default;
            for (int i = 0; i < _keys.Count; i++) map = map.Set(_keys[i], _values[i]);
            return map;
        }
    }
}
