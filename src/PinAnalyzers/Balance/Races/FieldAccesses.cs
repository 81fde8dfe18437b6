using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Races;

/// <summary>
/// How a type touches the fields that may be counters: those it updates atomically, and those it adds to or subtracts from near a lock, a limit or a mark
/// that says so. Syntax picks the names, so that only bodies which mention one are bound.
/// </summary>
internal sealed class FieldAccesses
{
    private readonly CounterNames _names = new();
    private readonly LockCalls _calls;
    private ILookup<IFieldSymbol, FieldAccess>? _all;

    public FieldAccesses(TypeParts type, CounterHits counters, LockCalls calls)
    {
        Type = type;
        _calls = calls;
        Locks = new LocksHeld(type, calls);
        foreach (TypeDeclarationSyntax declaration in type.Declarations) _names.AddFrom(declaration, counters);
    }

    public TypeParts Type { get; }

    public LocksHeld Locks { get; }

    public ILookup<IFieldSymbol, FieldAccess> All => _all ??= Collect();

    private ILookup<IFieldSymbol, FieldAccess> Collect()
    {
        ImmutableHashSet<string> names = _names.Interesting(Type, _calls);
        List<FieldAccess> accesses = [];
        foreach (TypeMember member in Type.Members)
        {
            Type.Cancellation.ThrowIfCancellationRequested();
            if (!MentionsAny(member, names)) continue;
            foreach (IOperation operation in member.Operations)
            {
                if (operation is IFieldReferenceOperation reference && names.Contains(reference.Field.Name) && !IsSharedMemory(reference) && FieldAccess.Of(reference, member) is { } access) accesses.Add(access);
            }
        }

        return accesses.ToLookup(static a => a.Field, static a => a, (IEqualityComparer<IFieldSymbol>)SymbolEqualityComparer.Default);
    }

    private static bool MentionsAny(TypeMember member, ImmutableHashSet<string> names)
    {
        foreach (string name in names)
        {
            if (member.Mentions(name)) return true;
        }

        return false;
    }

    /// <summary>What another process writes too has rules of its own.</summary>
    private static bool IsSharedMemory(IFieldReferenceOperation reference) =>
        Annotations.Has(reference.Field.OriginalDefinition, Annotations.SharedMemory) || Annotations.Has(reference.Field.ContainingType.OriginalDefinition, Annotations.SharedMemory)
        || (reference.Instance is { } instance && instance.DescendantsAndSelf().Any(static o => o switch
        {
            IMemberReferenceOperation member => Annotations.Has(member.Member.OriginalDefinition, Annotations.SharedMemory),
            IParameterReferenceOperation parameter => Annotations.Has(parameter.Parameter.OriginalDefinition, Annotations.SharedMemory),
            _ => false,
        }));
}
