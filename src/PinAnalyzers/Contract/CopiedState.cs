using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Contract;

/// <summary>PIN4009: a copy of an object takes over a charge, or a count that a child has to start at zero.</summary>
internal static class CopiedState
{
    private enum Kind
    {
        None,
        Count,
        Charge,
    }

    public static IEnumerable<ContractFinding> Find(ContractContext context, IOperation operation, CancellationToken cancellation)
    {
        switch (operation)
        {
            case IInvocationOperation { TargetMethod: { Name: "MemberwiseClone", ContainingType.SpecialType: SpecialType.System_Object, Parameters.IsEmpty: true } } clone:
                if (EnclosingType(clone, cancellation) is { } type) return JudgeWhole(context, clone, type, [.. CopyCorrections.After(clone), .. CopyCorrections.MovedAfter(clone, clone.Instance)]);
                break;
            case IWithOperation { Type: INamedTypeSymbol copied } with:
                return JudgeWhole(context, with, copied, [.. CopyCorrections.In(with.Initializer), .. CopyCorrections.After(with), .. CopyCorrections.MovedAfter(with, with.Operand), .. CopyCorrections.LeftOutBy(copied, context.Compilation)]);
            case ISimpleAssignmentOperation { Target: IMemberReferenceOperation target } assignment:
                return JudgeMember(assignment, target);
        }

        return [];
    }

    private static IEnumerable<ContractFinding> JudgeWhole(ContractContext context, IOperation copy, INamedTypeSymbol type, HashSet<string> set)
    {
        if (IsChargedAnew(context, copy)) yield break;
        (ISymbol Member, Kind Kind)? worst = null;
        foreach (ISymbol member in StateOf(type))
        {
            if (set.Contains(member.Name)) continue;
            Kind kind = KindOf(context, member);
            if (kind != Kind.None && (worst is null || kind > worst.Value.Kind)) worst = (member, kind);
        }

        // A copy of what stands for a charge itself is told by the rule on such values.
        if (worst is not { } found || found.Kind == Kind.Charge && context.Tokens.PairOf(type) is not null) yield break;
        string message = found.Kind == Kind.Charge
            ? $"The copy takes over '{found.Member.Name}', which holds a charge of the original; charge the copy anew or leave it without"
            : $"The copy starts with the '{found.Member.Name}' of the original, which nothing has charged to it";
        yield return new ContractFinding(Descriptors.PIN4009_CopyMustNotHoldTheCharge, copy.Syntax, message) { Severity = SeverityOf(found.Kind) };
    }

    /// <summary><c>child._locked = parent._locked</c>, in a copy constructor, a fork or an initializer.</summary>
    private static IEnumerable<ContractFinding> JudgeMember(ISimpleAssignmentOperation assignment, IMemberReferenceOperation target)
    {
        IOperation value = assignment.Value;
        while (value is IConversionOperation { OperatorMethod: null } conversion) value = conversion.Operand;
        if (value is not IMemberReferenceOperation source || !SymbolEqualityComparer.Default.Equals(source.Member, target.Member) || IsSame(source.Instance, target.Instance)) yield break;
        Kind kind = InheritanceOf(target.Member);
        if (kind == Kind.None || CopyCorrections.IsMoved(assignment, source)) yield break;
        yield return new ContractFinding(
            Descriptors.PIN4009_CopyMustNotHoldTheCharge, assignment.Syntax,
            kind == Kind.Charge ? $"'{target.Member.Name}' has to be charged anew for the copy, not taken over" : $"'{target.Member.Name}' of a copy has to start at zero") { Severity = SeverityOf(kind) };
    }

    private static bool IsSame(IOperation? left, IOperation? right) => (left, right) switch
    {
        (IInstanceReferenceOperation { ReferenceKind: var a }, IInstanceReferenceOperation { ReferenceKind: var b }) => a == b,
        (ILocalReferenceOperation a, ILocalReferenceOperation b) => SymbolEqualityComparer.Default.Equals(a.Local, b.Local),
        (IParameterReferenceOperation a, IParameterReferenceOperation b) => SymbolEqualityComparer.Default.Equals(a.Parameter, b.Parameter),
        (null, null) => true,
        _ => false,
    };

    private static DiagnosticSeverity SeverityOf(Kind kind) => kind == Kind.Charge ? DiagnosticSeverity.Warning : DiagnosticSeverity.Info;

    private static IEnumerable<ISymbol> StateOf(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is { SpecialType: SpecialType.None }; current = current.BaseType)
        {
            foreach (ISymbol member in current.GetMembers())
            {
                bool isState = member is IFieldSymbol { IsStatic: false, IsImplicitlyDeclared: false, IsConst: false } or IPropertySymbol { IsStatic: false, IsIndexer: false };
                if (isState && (member is IFieldSymbol || TypeShapes.IsAutoProperty((IPropertySymbol)member))) yield return member;
            }
        }
    }

    private static Kind KindOf(ContractContext context, ISymbol member)
    {
        if (Annotations.Has(member, Annotations.Inherited)) return InheritanceOf(member);
        if (Annotations.Has(member, Annotations.Counter)) return Kind.Count;
        return UnsetGuards.TypeOf(member) is { } type && IsToken(context, type) ? Kind.Charge : Kind.None;
    }

    private static Kind InheritanceOf(ISymbol member)
    {
        AttributeData? attribute = Annotations.Find(member.GetAttributes(), Annotations.Inherited);
        return attribute is null ? Kind.None : Annotations.EnumArgument(attribute, 0) switch
        {
            "Zero" => Kind.Count,
            "Recharge" => Kind.Charge,
            _ => Kind.None,
        };
    }

    /// <summary>A type whose values stand for a charge each: it has the release of a pair, and is not shared by being referred to twice as a service is.</summary>
    private static bool IsToken(ContractContext context, ITypeSymbol type)
    {
        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } named) return false;
        if (named.IsValueType && named.FullMetadataName() is "System.Runtime.InteropServices.GCHandle" or "System.Buffers.MemoryHandle") return true;
        foreach (ISymbol member in named.GetMembers())
        {
            if (member is not IMethodSymbol { IsStatic: false, MethodKind: MethodKind.Ordinary } method) continue;
            foreach (Pairs.ReleaseSpec release in context.Catalog.ReleasesOf(method))
            {
                bool isOfTokens = release.Pair.HasToken && release.Identity.Place == Pairs.ValuePlace.Receiver && release.Pair.Family is Pairs.PairFamily.Declared or Pairs.PairFamily.Accounting or Pairs.PairFamily.GCHandle;
                if (isOfTokens) return true;
            }
        }

        return false;
    }

    /// <summary>A charge taken in the same body, behind the copy or in its initializer, is the copy's own.</summary>
    private static bool IsChargedAnew(ContractContext context, IOperation copy)
    {
        IOperation root = copy;
        while (root.Parent is { } parent) root = parent;
        return root.Descendants().Any(operation => operation.Syntax.Span.End > copy.Syntax.SpanStart && operation switch
        {
            IInvocationOperation call => context.Catalog.ChargesOf(call.TargetMethod).Any(static charge => charge.Pair.Family is not Pairs.PairFamily.Locks),
            _ => false,
        });
    }

    private static INamedTypeSymbol? EnclosingType(IOperation operation, CancellationToken cancellation) =>
        operation is IInvocationOperation { Instance: { Type: INamedTypeSymbol { SpecialType: not SpecialType.System_Object } receiver } }
            ? receiver
            : operation.SemanticModel?.GetEnclosingSymbol(operation.Syntax.SpanStart, cancellation)?.ContainingType;
}
