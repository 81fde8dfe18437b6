using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Balance.Plain;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Types;

/// <summary>PIN1009: what a field holds is the type's debt, and some member must pay it.</summary>
internal sealed class UnreleasedFields(BalanceContext context, ReleaseMembers releases, TypeParts type)
{
    private ReleaseReach? _reach;

    private ReleaseReach Reach => _reach ??= new ReleaseReach(type, releases);

    public IEnumerable<StoredCharge> Find()
    {
        HashSet<(ISymbol, Pair)> seen = new(StorageComparer.Instance);
        List<StoredCharge> charges = [];
        foreach (TypeMember member in type.Members)
        {
            type.Cancellation.ThrowIfCancellationRequested();
            if (context.MayCharge(member.Body) && !member.IsBeingTyped && context.Charges(member.Body) && context.Plain.Of(member.Body, member.Model) != PlainVerdict.NothingKept) charges.AddRange(new StoredCharges(context, member).Find());
        }

        ILookup<ISymbol, StoredCharge> byStorage = charges.ToLookup(static c => c.Storage, SymbolEqualityComparer.Default);
        ILookup<IOperation, StoredCharge> byCharge = charges.ToLookup(static c => c.Charge);
        foreach (StoredCharge charge in charges)
        {
            if (!seen.Add((charge.Storage, charge.Pair)) || !IsOurs(charge) || IsReleasedByItsFormerName(charge)) continue;

            // One charge under several names is one debt: whoever pays it under one has paid it.
            if (!byCharge[charge.Charge].Any(same => IsSettled(same, byStorage[same.Storage]))) yield return charge;
        }
    }

    /// <summary>An instance field that only this type can reach: whoever else sees it may be the one who releases it.</summary>
    private bool IsOurs(StoredCharge charge)
    {
        ISymbol storage = charge.Storage;
        if (storage.IsStatic || !type.Declares(storage) || storage.ContainingType is not { TypeKind: TypeKind.Class or TypeKind.Struct } owner) return false;
        if (!IsHidden(storage, owner) && !(storage is IPropertySymbol property && IsOnlyShown(property) && Reach.HasReleasePath)) return false;
        // A struct is itself a token, unless it says that it wants to be disposed of.
        if (owner.TypeKind == TypeKind.Struct && !owner.GetMembers().OfType<IMethodSymbol>().Any(releases.Contains)) return false;
        if (IsProcessLong(owner) || Runners.HasBenchmarks(owner)) return false;
        // Somebody else's counter may be signalled by somebody else.
        return charge.Pair.Family != PairFamily.Counters || !charge.Pair.IsBuiltIn || IsMadeHere(storage);
    }

    private bool IsHidden(ISymbol storage, INamedTypeSymbol owner)
    {
        if (storage.DeclaredAccessibility == Accessibility.Private) return true;
        for (INamedTypeSymbol current = owner; !SymbolEqualityComparer.Default.Equals(current, type.Type) && current.ContainingType is { } outer; current = outer)
        {
            if (current.DeclaredAccessibility == Accessibility.Private) return true;
        }

        return false;
    }

    private static bool IsOnlyShown(IPropertySymbol property) =>
        !property.IsVirtual && !property.IsOverride && (property.SetMethod is null || property.SetMethod.DeclaredAccessibility == Accessibility.Private) && property.ContainingType.TypeKind == TypeKind.Class;

    /// <summary>The one instance of a type that nobody else can make lives as long as the process.</summary>
    private static bool IsProcessLong(INamedTypeSymbol owner) =>
        owner.InstanceConstructors.All(static c => c.DeclaredAccessibility == Accessibility.Private)
        && owner.GetMembers().Any(member => member.IsStatic && (member is IFieldSymbol field && SymbolEqualityComparer.Default.Equals(field.Type, owner) || member is IPropertySymbol property && SymbolEqualityComparer.Default.Equals(property.Type, owner)));

    private bool IsMadeHere(ISymbol storage) => type.Members.Any(m => m.IsConstruction && m.Operations.Any(o => o switch
    {
        IFieldInitializerOperation initializer => initializer.Value is IObjectCreationOperation && initializer.InitializedFields.Contains(storage, SymbolEqualityComparer.Default),
        ISimpleAssignmentOperation { Value: IObjectCreationOperation } assignment => SymbolEqualityComparer.Default.Equals(StoredCharges.StorageOf(assignment.Target), storage),
        _ => false,
    }));

    private bool IsSettled(StoredCharge charge, IEnumerable<StoredCharge> stored)
    {
        HashSet<TypeMember> charging = [.. stored.Where(c => ReferenceEquals(c.Pair, charge.Pair)).Select(static c => c.Member)];
        bool isReleasedAside = false;
        ImmutableHashSet<ISymbol> readers = ReadersOf(charge);
        foreach (TypeMember member in type.Members)
        {
            type.Cancellation.ThrowIfCancellationRequested();
            if (!MayTouch(member, charge, readers)) continue;
            if (member.IsBeingTyped || member.Operation is null || SettledIn(member, charge, stored, charging, readers) is not { } isReleased) return true;
            isReleasedAside |= isReleased;
        }

        // Where nothing is named like a release path, whatever releases is one; and an account or a lock is given back piece by piece, as its users come to their ends.
        return isReleasedAside && (!charge.Pair.HasToken || !Reach.HasReleasePathOf(charge.Storage.ContainingType)) || IsAddressed(charge.Storage);
    }

    private bool MayTouch(TypeMember member, StoredCharge charge, ImmutableHashSet<ISymbol> readers)
    {
        // An accessor may name what the property keeps by the keyword `field`.
        if (member.Mentions(charge.Storage.Name) || member.IsAccessor && member.Symbol is IMethodSymbol { AssociatedSymbol: { } property } && SymbolEqualityComparer.Default.Equals(property, charge.Storage)) return true;
        foreach (ISymbol reader in readers)
        {
            if (member.Mentions(reader.Name)) return true;
        }

        if (charge.Pair.HasToken) return StorageUses.IsLaidOut(charge.Storage.ContainingType) && member.Operations.Any(o => StorageUses.PassesWhole(o, charge.Storage.ContainingType));
        return context.Calls.MayRelease(member.Body);
    }

    /// <summary>Null where the member settles the charge; else whether it releases it, but where no release path is known to come.</summary>
    private bool? SettledIn(TypeMember member, StoredCharge charge, IEnumerable<StoredCharge> stored, HashSet<TypeMember> charging, ImmutableHashSet<ISymbol> readers)
    {
        bool isReleasedAside = false;
        StorageUses uses = new(context, charge.Storage, charge.Pair, readers, member);
        foreach ((IOperation at, StorageUse use) in uses.Find())
        {
            if (use == StorageUse.HandedOn) return null;
            if (charging.Contains(member))
            {
                // Of what is only counted, giving back as many before taking new ones leaves what was there.
                isReleasedAside |= !charge.Pair.HasToken && !IsInCatch(at) && stored.All(c => c.Member != member || at.Syntax.Span.End <= c.At.Syntax.SpanStart);

                // Given back before a new one is taken, or because taking it went wrong: what is there in the end stays.
                if (IsInCatch(at) || !stored.Any(c => c.Member == member && IsOfWhatWasStored(at, uses, c)) && !Reach.Contains(member)) continue;
                return null;
            }

            if (Reach.Contains(member) || IsInDelegate(at)) return null;
            isReleasedAside = true;
        }

        return isReleasedAside;
    }

    /// <summary>Whoever was given the delegate calls it when something is over.</summary>
    private static bool IsInDelegate(IOperation release)
    {
        for (IOperation? outer = release.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is IAnonymousFunctionOperation) return true;
        }

        return false;
    }

    /// <summary>Who put it into the field gives it back himself, by the name of the variable that it came from.</summary>
    private bool IsReleasedByItsFormerName(StoredCharge charge)
    {
        if (charge.Place.At is not ISimpleAssignmentOperation { Value: var stored } || Converted(stored) is not ILocalReferenceOperation { Local: var local }) return false;
        return charge.Member.Operations.Any(operation => operation switch
        {
            IUsingDeclarationOperation { DeclarationGroup: var group } => group.Descendants().Any(o => o is IVariableDeclaratorOperation { Symbol: var used } && SymbolEqualityComparer.Default.Equals(used, local)),
            IInvocationOperation call => call.Syntax.SpanStart > charge.At.Syntax.Span.End && !IsElsewhere(call, charge.At, local) && context.Catalog.ReleasesOf(call.TargetMethod, StoredCharges.Unconverted(call.Instance)?.Type).Any(release =>
                ReferenceEquals(release.Pair, charge.Pair) && !release.IsMove && StoredCharges.Unconverted(AccountEvent.OperandAt(call, release.Identity)) is ILocalReferenceOperation { Local: var released } && SymbolEqualityComparer.Default.Equals(released, local)),
            _ => false,
        });
    }

    /// <summary>What a handle was made from that is kept as a number: <c>(IntPtr)handle</c>, <c>GCHandle.ToIntPtr(handle)</c>.</summary>
    private static IOperation Converted(IOperation value) => value switch
    {
        IConversionOperation conversion => Converted(conversion.Operand),
        IInvocationOperation { TargetMethod: { Name: "ToIntPtr", IsStatic: true }, Arguments: { Length: 1 } arguments } => Converted(arguments[0].Value),
        _ => value,
    };

    /// <summary>In a branch of its own, in a catch, or in a body that runs at another time. A branch that asks the variable is for paths on which nothing was put into it.</summary>
    private static bool IsElsewhere(IOperation release, IOperation store, ILocalSymbol local) => release.Syntax.Ancestors().TakeWhile(static n => n is not MemberDeclarationSyntax).Any(n =>
        n is IfStatementSyntax or ElseClauseSyntax or SwitchSectionSyntax or CatchClauseSyntax or ConditionalExpressionSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax && !n.Span.Contains(store.Syntax.Span)
        && !((n is ElseClauseSyntax ? n.Parent : n) is IfStatementSyntax { Condition: var condition } && condition.DescendantNodesAndSelf().Any(name => name is IdentifierNameSyntax { Identifier.ValueText: var text } && text == local.Name)));

    /// <summary>Properties and methods of the type by which it reads the field.</summary>
    private ImmutableHashSet<ISymbol> ReadersOf(StoredCharge charge)
    {
        ImmutableHashSet<ISymbol>.Builder readers = ImmutableHashSet.CreateBuilder<ISymbol>(SymbolEqualityComparer.Default);
        if (!charge.Pair.HasToken) return ImmutableHashSet<ISymbol>.Empty;
        foreach (TypeMember member in type.Members)
        {
            if (!member.Mentions(charge.Storage.Name) || member.IsBeingTyped || member.Symbol is not IMethodSymbol { MethodKind: MethodKind.PropertyGet or MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation, ReturnsVoid: false } method) continue;
            if (new StorageUses(context, charge.Storage, charge.Pair, ImmutableHashSet<ISymbol>.Empty, member).Returns) readers.UnionWith(InterfaceMembers.ImplementedBy(method).Prepend(method).Select(static m => m.AssociatedSymbol ?? m));
        }

        return readers.ToImmutable();
    }

    /// <summary>Not of what was there before and has been read until then; in a loop the one before may be the last one, too, and a delegate runs when it is called.</summary>
    private static bool IsOfWhatWasStored(IOperation release, StorageUses uses, StoredCharge charge)
    {
        SyntaxNode? body = NestedBodyOf(release.Syntax);
        if (body is not null && body != NestedBodyOf(charge.At.Syntax) || release is IUsingOperation or IUsingDeclarationOperation && release.Syntax.Span.Contains(charge.At.Syntax.Span)) return true;
        // Where it is put in under a condition of its own, the call that puts nothing in is the one that releases the last.
        if (IsConditional(charge, release)) return true;
        bool isInLoop = charge.At.Syntax.Ancestors().TakeWhile(static n => n is not MemberDeclarationSyntax).Any(n => n is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax && n.Span.Contains(release.Syntax.Span));
        return isInLoop ? charge.Charge.Syntax.SpanStart < release.Syntax.SpanStart : uses.ReadAt(release) >= charge.At.Syntax.Span.End;
    }

    private static bool IsConditional(StoredCharge charge, IOperation release) =>
        charge.Charge.Syntax.Ancestors().TakeWhile(static n => n is not MemberDeclarationSyntax).Any(n => n is IfStatementSyntax or SwitchSectionSyntax or ConditionalExpressionSyntax or SwitchExpressionArmSyntax or ConditionalAccessExpressionSyntax && !n.Span.Contains(release.Syntax.Span));

    private static SyntaxNode? NestedBodyOf(SyntaxNode node) =>
        node.Ancestors().TakeWhile(static n => n is not MemberDeclarationSyntax).FirstOrDefault(static n => n is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax);

    private static bool IsInCatch(IOperation at) => at.Syntax.FirstAncestorOrSelf<SyntaxNode>(static n => n is CatchClauseSyntax or MemberDeclarationSyntax) is CatchClauseSyntax;

    /// <summary>Declared where it cannot be told what is done with it: a fixed buffer, say.</summary>
    private static bool IsAddressed(ISymbol storage) => storage is IFieldSymbol { IsFixedSizeBuffer: true };

    private sealed class StorageComparer : IEqualityComparer<(ISymbol Storage, Pair Pair)>
    {
        public static readonly StorageComparer Instance = new();

        public bool Equals((ISymbol Storage, Pair Pair) x, (ISymbol Storage, Pair Pair) y) => ReferenceEquals(x.Pair, y.Pair) && SymbolEqualityComparer.Default.Equals(x.Storage, y.Storage);

        public int GetHashCode((ISymbol Storage, Pair Pair) key) => SymbolEqualityComparer.Default.GetHashCode(key.Storage);
    }
}
