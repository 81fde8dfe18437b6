using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>
/// PIN1013: a value that stands for a charge exists twice, and both can still be released: one here, the other wherever it went. Two releases in one body are
/// what the flow finds (PIN1003); this is about the copy that leaves.
/// </summary>
internal sealed class TokenCopies(IPairCatalog catalog)
{
    private readonly TokenTypes _tokens = new(catalog);

    /// <summary>One of them stands wherever something is cloned.</summary>
    public static readonly ImmutableHashSet<string> CloneWords = ImmutableHashSet.Create("with", "MemberwiseClone");

    public static bool MayClone(SyntaxNode member) => BodyShapes.Has(member, BodyShape.With);

    public static bool ClonesItself(SyntaxNode member) => BodyShapes.Has(member, BodyShape.CloneOfItself);

    public bool IsToken(ITypeSymbol type) => _tokens.PairOf(type) is not null;

    /// <param name="member">The member, by its syntax alone.</param>
    /// <param name="releases">The calls in it that go by the name of a release.</param>
    /// <param name="model">Asked, where there is one, whether what is handed on is a token that can be copied.</param>
    public bool MayBeIn(SyntaxNode member, IReadOnlyCollection<ExpressionSyntax> releases, SemanticModel? model = null)
    {
        if (BodyShapes.Has(member, BodyShape.With | BodyShape.MemberwiseClone) || (releases.Count > 1 && BodyShapes.Has(member, BodyShape.Lambda))) return true;
        if (!BodyShapes.Has(member, BodyShape.AssignmentOrArgument) || ReleasedNames.In(member, releases) is not { Count: > 0 } names) return false;
        NameMentions mentions = new(member);
        return mentions.MayMiss || names.Any(name => mentions.Of(name).Any(mention => MayLeave(mention, releases) && (model is null || IsCopied(mention, model))));
    }

    private bool IsCopied(ExpressionSyntax mention, SemanticModel model) => model.GetTypeInfo(mention).Type is not { } type || type.TypeKind == TypeKind.Error || (type.IsValueType && IsToken(type));

    /// <summary>Stored, or handed to something that is not its release.</summary>
    private static bool MayLeave(ExpressionSyntax mention, IReadOnlyCollection<ExpressionSyntax> releases)
    {
        while (mention.Parent is ParenthesizedExpressionSyntax or CastExpressionSyntax) mention = (ExpressionSyntax)mention.Parent;
        return mention.Parent switch
        {
            AssignmentExpressionSyntax assignment => assignment.Right == mention,
            ArgumentSyntax { RefKindKeyword.RawKind: 0, Parent.Parent: var taker } => taker is not ExpressionSyntax call || !releases.Contains(call),
            _ => false,
        };
    }

    public IEnumerable<Diagnostic> Find(IOperation root, IMethodSymbol owner)
    {
        List<IOperation> all = root.Descendants().ToList();
        foreach (IOperation operation in all)
        {
            switch (operation)
            {
                case IWithOperation { Operand: { Type: { } type } operand } when _tokens.PairOf(type) is { } pair && IsUsedAgain(operand, operation, all) && !IsReleasedHere(operation, all):
                    yield return Create(operation, type, pair, "'with' copies it, and the original is used again");
                    break;
                case IInvocationOperation { TargetMethod: { Name: "MemberwiseClone", ContainingType.SpecialType: SpecialType.System_Object } } clone when _tokens.PairOf(owner.ContainingType) is { } pair:
                    yield return Create(clone, owner.ContainingType, pair, "a clone holds what the original holds");
                    break;
                case ILocalReferenceOperation or IParameterReferenceOperation when operation.Type is { IsValueType: true } type && _tokens.PairOf(type) is { } pair && VariableOf(operation) is { } variable && HowItLeaves(operation) is { } how:
                    if (ReleaseAfter(operation, variable, all) is { } release) yield return Create(operation, type, pair, $"{how}, and the original is released at line {BalanceDiagnostics.LineOf(release)}", release);
                    break;
            }
        }

        foreach (Diagnostic captured in CapturedTwice(all)) yield return captured;
    }

    private static Diagnostic Create(IOperation copy, ITypeSymbol type, Pair pair, string why, params SyntaxNode[] path) =>
        BalanceDiagnostics.Create(Descriptors.PIN1013_ChargeMustNotExistTwice, null, pair, copy.Syntax, path.Length == 0 ? [copy.Syntax] : path, [], type.Name, why);

    private static ISymbol? VariableOf(IOperation operation) => operation switch
    {
        ILocalReferenceOperation { IsDeclaration: false, Local: { RefKind: RefKind.None } local } => local,
        IParameterReferenceOperation { Parameter: { RefKind: RefKind.None } parameter } => parameter,
        _ => null,
    };

    /// <summary>By value to where somebody else can release it: a member, an element, a collection, a box of either. Reading members and passing by reference make no copy.</summary>
    private static string? HowItLeaves(IOperation reference)
    {
        IOperation value = reference;
        bool isBoxed = false;
        while (value.Parent is IConversionOperation or IParenthesizedOperation)
        {
            value = value.Parent;
            isBoxed |= value is IConversionOperation { OperatorMethod: null, Type.IsReferenceType: true };
            if (value is IConversionOperation { OperatorMethod: not null }) return null;
        }

        string? how = value.Parent switch
        {
            ISimpleAssignmentOperation { Target: IFieldReferenceOperation or IPropertyReferenceOperation or IArrayElementReferenceOperation, Parent: not IObjectOrCollectionInitializerOperation } assignment when ReferenceEquals(assignment.Value, value) => "it is stored",
            IArgumentOperation { Parameter: { RefKind: RefKind.None } parameter, Parent: IInvocationOperation { TargetMethod: { Name: var name } method } } when IsKeeping(name, method, parameter) => $"'{name}' keeps it",
            IArgumentOperation { Parameter.RefKind: RefKind.None, Parent: IObjectCreationOperation { Type: { Name: var type } created } } when created.TypeKind == TypeKind.Class && !created.Name.EndsWith("Exception", System.StringComparison.Ordinal) => $"the new '{type}' keeps it",
            _ => null,
        };
        return how is not null && isBoxed ? how + " in a box" : how;
    }

    private static bool IsKeeping(string name, IMethodSymbol method, IParameterSymbol parameter) => Symbols.Annotations.Has(parameter.OriginalDefinition, Symbols.Annotations.TransfersObligation)
        || (name is "Add" or "TryAdd" or "Enqueue" or "Push" or "AddLast" or "AddFirst" or "Insert" or "TryWrite" or "SetResult" or "TrySetResult" && method.DeclaringSyntaxReferences.IsEmpty);

    /// <summary>A release of the variable that every path from the copy comes to, if the variable is not given another value and the copy is not the last use.</summary>
    private SyntaxNode? ReleaseAfter(IOperation copy, ISymbol variable, List<IOperation> all)
    {
        if (StatementOf(copy.Syntax) is not { } statement || IsBodyOfItsOwn(copy) || IsAskedWhetherKept(copy)) return null;
        if (variable is ILocalSymbol local && local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is { } declaration
            && (declaration.Parent?.Parent is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 } || declaration.Parent?.Parent is UsingStatementSyntax)) return declaration;
        // Declared before: it is disposed of at the end of the block, also if it has got another value by then.
        if (all.OfType<IUsingOperation>().FirstOrDefault(u => u.Body.Syntax.Span.Contains(copy.Syntax.Span) && !IsBodyOfItsOwn(u) && SymbolEqualityComparer.Default.Equals(VariableOf(u.Resources), variable)) is { } around) return around.Resources.Syntax;
        foreach (IOperation operation in all)
        {
            if (operation is not IInvocationOperation call || call.Syntax.SpanStart < copy.Syntax.Span.End || IsBodyOfItsOwn(call)) continue;
            bool releases = catalog.ReleasesOf(call.TargetMethod).Any(r => !r.Implied && !r.IsMove && AccountEvent.OperandAt(call, r.Identity) is { } identity && SymbolEqualityComparer.Default.Equals(VariableOf(identity), variable));
            if (!releases || StatementOf(call.Syntax) is not { Parent: { } block } release || !IsAlwaysReached(statement, release, block)) continue;
            bool isReset = all.Any(o => IsTakenOut(o, copy) || o is IAssignmentOperation assignment && assignment.Syntax.SpanStart > copy.Syntax.Span.End && (
                (assignment.Syntax.SpanStart < call.Syntax.SpanStart && SymbolEqualityComparer.Default.Equals(VariableOf(assignment.Target), variable)) || IsSameTarget(assignment, copy)));
            if (!isReset) return call.Syntax;
        }

        return null;
    }

    /// <summary>The collection that it was put in loses it again.</summary>
    private static bool IsTakenOut(IOperation operation, IOperation copy) =>
        operation is IInvocationOperation { Instance: { } from, TargetMethod.Name: "Remove" or "TryRemove" or "RemoveAt" or "Clear" or "Pop" or "TryPop" or "Dequeue" or "TryDequeue" or "TryTake" }
        && operation.Syntax.SpanStart > copy.Syntax.Span.End && CollectionOf(copy) is { } into && Microsoft.CodeAnalysis.CSharp.SyntaxFactory.AreEquivalent(from.Syntax, into);

    private static SyntaxNode? CollectionOf(IOperation copy)
    {
        for (IOperation? outer = copy.Parent; outer is not null and not IExpressionStatementOperation; outer = outer.Parent)
        {
            if (outer is IInvocationOperation { Instance: { } instance }) return instance.Syntax;
            if (outer is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } indexed } }) return indexed.Syntax;
        }

        return null;
    }

    /// <summary><c>if (queue.TryWrite(token)) return;</c>: what comes after is for a token that was not kept.</summary>
    private static bool IsAskedWhetherKept(IOperation copy)
    {
        IOperation call = copy;
        while (call is not (IInvocationOperation or IExpressionStatementOperation) && call.Parent is { } parent) call = parent;
        if (call is not IInvocationOperation { Type.SpecialType: SpecialType.System_Boolean }) return false;
        IOperation answer = call;
        while (answer.Parent is IParenthesizedOperation) answer = answer.Parent;
        return answer.Parent is not (IExpressionStatementOperation or IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, Parent: IConditionalOperation }
            or ISimpleAssignmentOperation { Target: IDiscardOperation });
    }

    /// <summary>The place that the copy was put in is written again: what was there is not released from there.</summary>
    private static bool IsSameTarget(IAssignmentOperation assignment, IOperation copy) => copy.Syntax.FirstAncestorOrSelf<AssignmentExpressionSyntax>() is { } stored
        && Microsoft.CodeAnalysis.CSharp.SyntaxFactory.AreEquivalent(stored.Left, assignment.Target.Syntax);

    private static bool IsAlwaysReached(StatementSyntax copy, StatementSyntax release, SyntaxNode block)
    {
        // `if (!added) token.Free();`, as a branch without braces.
        if (block is not (BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax)) return false;
        if (block.Parent is FinallyClauseSyntax { Parent: TryStatementSyntax around }) return around.Block.Span.Contains(copy.Span) || around.Parent is { } outside && IsAlwaysReached(copy, around, outside);
        if (!block.Span.Contains(copy.Span) || block.Parent is CatchClauseSyntax && !block.Span.Contains(copy.Span)) return false;
        for (SyntaxNode? node = copy; node is not null && node != block; node = node.Parent)
        {
            // Leaves before it comes there.
            if (node.Parent is BlockSyntax inner && inner != block && inner.Statements.Last() is ReturnStatementSyntax or ThrowStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax or GotoStatementSyntax) return false;
            if (node is ElseClauseSyntax or SwitchSectionSyntax or CatchClauseSyntax) return false;
        }

        SyntaxNode? after = release.Parent is BlockSyntax outer ? outer.Statements.SkipWhile(s => s != release).Skip(1).FirstOrDefault() : null;
        return after is not ThrowStatementSyntax;
    }

    private static StatementSyntax? StatementOf(SyntaxNode node) => node.FirstAncestorOrSelf<StatementSyntax>();

    private static bool IsBodyOfItsOwn(IOperation operation)
    {
        for (IOperation? current = operation.Parent; current is not null; current = current.Parent)
        {
            if (current is IAnonymousFunctionOperation or ILocalFunctionOperation) return true;
        }

        return false;
    }

    private static bool IsUsedAgain(IOperation operand, IOperation clone, List<IOperation> all)
    {
        while (operand is IConversionOperation or IParenthesizedOperation) operand = operand is IConversionOperation conversion ? conversion.Operand : ((IParenthesizedOperation)operand).Operand;
        if (operand is IFieldReferenceOperation or IPropertyReferenceOperation or IInstanceReferenceOperation) return !IsPutBack(operand, clone);
        if (VariableOf(operand) is not { } variable || IsPutBack(operand, clone)) return false;
        return all.Any(o => o.Syntax.SpanStart > clone.Syntax.Span.End && SymbolEqualityComparer.Default.Equals(VariableOf(o), variable) && !ReferenceEquals((o.Parent as ISimpleAssignmentOperation)?.Target, o) && o.Parent is not IMemberReferenceOperation);
    }

    /// <summary>The copy is released in this body: whether the original is too, and on the same path, is what the flow finds.</summary>
    private bool IsReleasedHere(IOperation clone, List<IOperation> all) => clone.Parent is IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var copy } }
        && all.OfType<IInvocationOperation>().Any(call => catalog.ReleasesOf(call.TargetMethod).Any(r => !r.Implied && !r.IsMove && AccountEvent.OperandAt(call, r.Identity) is { } identity && SymbolEqualityComparer.Default.Equals(VariableOf(identity), copy)));

    /// <summary><c>token = token with { … }</c>: there is one still.</summary>
    private static bool IsPutBack(IOperation operand, IOperation clone) => clone.Parent is ISimpleAssignmentOperation assignment && Microsoft.CodeAnalysis.CSharp.SyntaxFactory.AreEquivalent(assignment.Target.Syntax, operand.Syntax);

    /// <summary>Two delegates that both release one variable.</summary>
    private IEnumerable<Diagnostic> CapturedTwice(List<IOperation> all)
    {
        Dictionary<ISymbol, IAnonymousFunctionOperation> first = new(SymbolEqualityComparer.Default);
        foreach (IAnonymousFunctionOperation lambda in all.OfType<IAnonymousFunctionOperation>())
        {
            foreach (IInvocationOperation call in lambda.Body.Descendants().OfType<IInvocationOperation>())
            {
                foreach (ReleaseSpec release in catalog.ReleasesOf(call.TargetMethod))
                {
                    if (release.Idempotent || !release.Pair.HasToken || AccountEvent.OperandAt(call, release.Identity) is not { Type.IsValueType: true } identity || VariableOf(identity) is not { } variable) continue;
                    if (variable.DeclaringSyntaxReferences.Any(r => lambda.Syntax.Span.Contains(r.Span))) continue;
                    if (!first.TryGetValue(variable, out IAnonymousFunctionOperation? earlier)) first.Add(variable, lambda);
                    else if (!earlier.Syntax.Span.Contains(lambda.Syntax.Span) && !AreAlternatives(earlier.Syntax, lambda.Syntax))
                        yield return Create(identity, identity.Type!, release.Pair, $"a second delegate releases it, as the one at line {BalanceDiagnostics.LineOf(earlier.Syntax)} does", earlier.Syntax);
                }
            }
        }
    }

    private static bool AreAlternatives(SyntaxNode left, SyntaxNode right)
    {
        SyntaxNode? shared = left.Ancestors().FirstOrDefault(a => a.Span.Contains(right.Span));
        return shared is IfStatementSyntax or ConditionalExpressionSyntax or SwitchStatementSyntax or SwitchExpressionSyntax
            || left.Ancestors().TakeWhile(a => a != shared).OfType<BlockSyntax>().Any(static b => b.Statements.LastOrDefault() is ReturnStatementSyntax or ThrowStatementSyntax);
    }
}
