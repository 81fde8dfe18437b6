using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>Answers that cannot change between charge and release: what a user who never changes was made with, of an object that keeps its user.</summary>
internal static class FixedAnswers
{
    /// <summary>The charge was decided by the same answer, so both ends agree.</summary>
    public static bool IsAskedByCharge(AuthorityContext context, CapabilityValue condition, AccountingEvent release, ISymbol owner) =>
        IsFixed(condition.Check, context.Compilation) && context.Types.Others(owner, release).Any(other => !other.Event.IsRelease
            && context.FlowOf(other.Graph, other.Event.Operation.Syntax.SyntaxTree).DecidersOf(other.Event.Block).Any(decider => SymbolEqualityComparer.Default.Equals(decider.Condition.Member, condition.Member)));

    /// <summary>Read through members that are set once, from the object itself or a static.</summary>
    public static bool IsFixed(IOperation check, Compilation compilation)
    {
        if (check is not IPropertyReferenceOperation) return false;
        IOperation? read = check;
        for (; read is IMemberReferenceOperation member; read = Origins.Unwrapped(member.Instance!))
        {
            if (!IsSetOnce(member.Member, compilation)) return false;
            if (member.Instance is null) return true;
        }

        return read is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } || read is IParameterReferenceOperation { Parameter: { } parameter } && IsKeptByType(parameter);
    }

    /// <summary>A parameter of the type itself, which its members read like a field, and which none of them writes.</summary>
    private static bool IsKeptByType(IParameterSymbol parameter) =>
        parameter is { RefKind: RefKind.None, ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor }, DeclaringSyntaxReferences: { Length: 1 } declared }
        && declared[0].GetSyntax() is ParameterSyntax { Parent.Parent: TypeDeclarationSyntax and not RecordDeclarationSyntax }
        && !parameter.ContainingType.DeclaringSyntaxReferences.SelectMany(static part => part.GetSyntax().DescendantNodes()).Any(node => node switch
        {
            AssignmentExpressionSyntax { Left: IdentifierNameSyntax target } => target.Identifier.ValueText == parameter.Name,
            ArgumentSyntax { Expression: IdentifierNameSyntax passed } argument => passed.Identifier.ValueText == parameter.Name && (argument.RefKindKeyword.RawKind != 0 || argument.Parent is TupleExpressionSyntax),
            _ => false,
        });

    private static bool IsSetOnce(ISymbol member, Compilation compilation) => member switch
    {
        IFieldSymbol field => field.IsReadOnly,
        IPropertySymbol property => property is { IsVirtual: false, IsAbstract: false, IsOverride: false, SetMethod: null or { IsInitOnly: true } } && property.IsWrittenIn(compilation) && property.IsAutoProperty(),
        _ => false,
    };
}
