using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>PIN1018: a new object is put where others find it, and charged only then.</summary>
internal static class EarlyPublishing
{
    private static readonly ImmutableHashSet<string> s_adding = ImmutableHashSet.Create(
        "Add", "TryAdd", "AddOrUpdate", "GetOrAdd", "AddFirst", "AddLast", "Insert", "Enqueue", "Push", "TryWrite", "WriteAsync", "Post", "SendAsync");

    public static bool MayBeIn(SyntaxNode member) => BodyShapes.Has(member, BodyShape.Creation) || member is ConstructorDeclarationSyntax && BodyShapes.Has(member, BodyShape.This);

    public static IEnumerable<Diagnostic> Find(TimingContext context, IOperation root, IMethodSymbol owner)
    {
        List<AccountEvent> charges = context.Events.In(root).Where(static e => !e.IsRelease && IsAccounted(e.Pair) && !IsNested(e.Operation)).ToList();
        if (charges.Count == 0) yield break;
        foreach (IVariableDeclaratorOperation declared in root.Descendants().OfType<IVariableDeclaratorOperation>())
        {
            if (declared.Symbol.Type.IsValueType || Unconverted(declared.GetVariableInitializer()?.Value) is not IObjectCreationOperation || IsNested(declared)) continue;
            List<IOperation> uses = root.Descendants().Where(r => r is ILocalReferenceOperation local && SymbolEqualityComparer.Default.Equals(local.Local, declared.Symbol)).ToList();
            if (Judge(context, declared.Symbol.Name, uses, charges, charges.Where(c => uses.Any(u => Belongs(u, c))).ToList(), root, owner) is { } early) yield return early;
        }

        // A constructor may hand out the object itself; whatever it charges then is for it.
        if (owner.MethodKind != MethodKind.Constructor) yield break;
        List<IOperation> selves = root.Descendants().Where(static o => o is IInstanceReferenceOperation { IsImplicit: false, ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }).ToList();
        if (Judge(context, "this", selves, charges, charges, root, owner) is { } self) yield return self;
    }

    /// <param name="context">The pairs.</param>
    /// <param name="name">Of the object.</param>
    /// <param name="uses">Where it is mentioned.</param>
    /// <param name="charges">All of the body.</param>
    /// <param name="own">Those that are for the object.</param>
    /// <param name="root">The body.</param>
    /// <param name="owner">Whose body.</param>
    private static Diagnostic? Judge(TimingContext context, string name, List<IOperation> uses, List<AccountEvent> charges, List<AccountEvent> own, IOperation root, IMethodSymbol owner)
    {
        IOperation? published = uses.Where(static u => !IsNested(u)).Select(u => PublicationOf(u, root, owner)).FirstOrDefault(static p => p is not null);
        if (published is null || own.Count == 0) return null;

        // What was charged before it was published may grow after.
        if (own[0].Operation.Syntax.SpanStart < published.Syntax.SpanStart || charges.Any(c => ReferenceEquals(c.Pair, own[0].Pair) && c.Operation.Syntax.SpanStart < published.Syntax.SpanStart)) return null;
        if (own.FirstOrDefault(c => IsReachedFrom(published.Syntax, c.Operation.Syntax)) is not { } late || SharesLock(context, root, published.Syntax, late.Operation.Syntax)) return null;
        return BalanceDiagnostics.Create(
            Descriptors.PIN1018_ChargeShouldPrecedePublication, null, late.Pair, Whole(published.Syntax), [late.Operation.Syntax], [], name, BalanceDiagnostics.LineOf(late.Operation.Syntax));
    }

    /// <summary>A call behind <c>?.</c> includes what it is made on.</summary>
    private static SyntaxNode Whole(SyntaxNode published) => published.Parent is ConditionalAccessExpressionSyntax access && access.WhenNotNull == published ? access : published;

    /// <summary>Something is counted that others may look at.</summary>
    public static bool IsAccounted(Pair pair) => pair.Family != PairFamily.Locks && (pair.HasAmount || pair.Family == PairFamily.Declared);

    /// <summary>The charge is for the object: by its amount or owner, or by being kept in it.</summary>
    private static bool Belongs(IOperation use, AccountEvent charge)
    {
        if (charge.Operation.Syntax.Span.Contains(use.Syntax.Span)) return true;
        return use.Parent is IMemberReferenceOperation { Parent: ISimpleAssignmentOperation assignment } member && ReferenceEquals(assignment.Target, member) && assignment.Value.Syntax.Span.Contains(charge.Operation.Syntax.Span);
    }

    /// <summary>The assignment or call that shows the object to others; null where this use does not.</summary>
    private static IOperation? PublicationOf(IOperation use, IOperation root, IMethodSymbol owner)
    {
        IOperation value = use;
        while (value.Parent is IConversionOperation or IParenthesizedOperation) value = value.Parent;
        switch (value.Parent)
        {
            case ISimpleAssignmentOperation assignment when ReferenceEquals(assignment.Value, value):
                return assignment.Target switch
                {
                    IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } receiver } when IsShared(receiver, root, owner) => assignment,
                    IArrayElementReferenceOperation { ArrayReference: var array } when IsShared(array, root, owner) => assignment,
                    IFieldReferenceOperation { Field: { IsStatic: true } or { IsVolatile: true } } field when !(owner.MethodKind == MethodKind.Constructor && !field.Field.IsStatic) => assignment,
                    IPropertyReferenceOperation { Property: { IsStatic: true, IsIndexer: false } } => assignment,
                    _ => null,
                };
            case IArgumentOperation { Parent: IInvocationOperation call }:
                if (call.TargetMethod.MethodKind == MethodKind.DelegateInvoke) return call.Instance is IEventReferenceOperation || IsEventInvocation(call) ? call : null;
                if (s_adding.Contains(call.TargetMethod.Name) && call.Instance is { } collection && IsShared(collection, root, owner)) return call;
                bool isExchange = call.TargetMethod is { Name: "Write", ContainingType.SystemName: "Volatile" } or { Name: "Exchange" or "CompareExchange", ContainingType.SystemName: "Interlocked" };
                return isExchange && call.Arguments.Length > 1 && call.Arguments[0].Value is IFieldReferenceOperation && owner.MethodKind != MethodKind.Constructor ? call : null;
            default:
                return null;
        }
    }

    private static bool IsEventInvocation(IInvocationOperation call) => call.Instance is IConditionalAccessInstanceOperation
        && call.Syntax.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>() is { } access && call.SemanticModel?.GetSymbolInfo(access.Expression).Symbol is IEventSymbol;

    /// <summary>A collection that was there before: a member, a static, a parameter; in a constructor nobody else has the members yet.</summary>
    private static bool IsShared(IOperation receiver, IOperation root, IMethodSymbol owner) => Unconverted(receiver) switch
    {
        IFieldReferenceOperation field => field.Field.IsStatic || owner.MethodKind != MethodKind.Constructor,
        IPropertyReferenceOperation property => property.Property.IsStatic || property.Instance is not ILocalReferenceOperation && owner.MethodKind != MethodKind.Constructor,
        IParameterReferenceOperation => true,
        ILocalReferenceOperation local => root.Descendants().OfType<IVariableDeclaratorOperation>().FirstOrDefault(d => SymbolEqualityComparer.Default.Equals(d.Symbol, local.Local))?.GetVariableInitializer()?.Value is { } value
            && Unconverted(value) is IFieldReferenceOperation or IPropertyReferenceOperation && IsShared(value, root, owner),
        _ => false,
    };

    private static IOperation? Unconverted(IOperation? operation)
    {
        while (operation is IConversionOperation or IParenthesizedOperation) operation = operation is IConversionOperation conversion ? conversion.Operand : ((IParenthesizedOperation)operation).Operand;
        return operation;
    }

    private static bool IsNested(IOperation operation)
    {
        for (IOperation? current = operation.Parent; current is not null; current = current.Parent)
        {
            if (current is IAnonymousFunctionOperation or ILocalFunctionOperation) return true;
        }

        return false;
    }

    /// <summary>Control goes from the one to the other.</summary>
    private static bool IsReachedFrom(SyntaxNode published, SyntaxNode charge)
    {
        if (charge.SpanStart < published.Span.End) return false;
        SyntaxNode? shared = published.Ancestors().FirstOrDefault(a => a.Span.Contains(charge.Span));
        if (shared is IfStatementSyntax or SwitchStatementSyntax or ConditionalExpressionSyntax or TryStatementSyntax) return shared is IfStatementSyntax test && test.Condition.Span.Contains(published.Span);
        return !published.Ancestors().TakeWhile(a => a != shared).OfType<BlockSyntax>().Any(static b => b.Statements.LastOrDefault() is ReturnStatementSyntax or ThrowStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax);
    }

    /// <summary>Whoever finds the object waits for a lock until it is charged.</summary>
    private static bool SharesLock(TimingContext context, IOperation root, SyntaxNode published, SyntaxNode charge)
    {
        return root.DescendantsAndSelf().Any(operation => operation switch
        {
            ILockOperation locked => AreIn(locked),
            ITryOperation { Finally: { } last } guarded => AreIn(guarded.Body) && context.Events.In(last).Any(static e => e.IsRelease && e.Pair.Family == PairFamily.Locks),
            IUsingOperation used => AreIn(used.Body) && TakesLock(used.Resources),
            IBlockOperation block => AreIn(block) && block.Operations.Any(o => o is IUsingDeclarationOperation && o.Syntax.Span.End <= published.SpanStart && TakesLock(o)),
            _ => false,
        });

        bool AreIn(IOperation operation) => operation.Syntax.Span.Contains(published.Span) && operation.Syntax.Span.Contains(charge.Span);

        bool TakesLock(IOperation resources) => context.Events.In(resources).Any(static e => !e.IsRelease && e.Pair.Family == PairFamily.Locks)
            || resources.DescendantsAndSelf().Any(static o => o is IInvocationOperation { TargetMethod.Name: var name } && (name == "EnterScope" || name.EndsWith("Lock", System.StringComparison.Ordinal) || name.EndsWith("LockAsync", System.StringComparison.Ordinal)));
    }
}
