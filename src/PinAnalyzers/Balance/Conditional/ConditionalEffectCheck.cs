using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>PIN1014: a charge, a release or a write inside an argument of a call that release builds leave out.</summary>
internal sealed class ConditionalEffectCheck(IPairCatalog catalog, NameHits hits, ImmutableHashSet<string> names, ImmutableHashSet<string> effects) : IMemberCheck
{
    public static ImmutableArray<DiagnosticDescriptor> Rules { get; } = ImmutableArray.Create(
        Descriptors.PIN1014_EffectMustNotDependOnConditionalCall);

    public static ConditionalEffectCheck Create(CompilationStart start, IPairCatalog catalog)
    {
        NameHits attributes = start.ScanFor(ImmutableHashSet.Create("Conditional", "ConditionalAttribute"));
        ImmutableHashSet<string> names = ConditionalMethods.NamesIn(start.Compilation, attributes, start.Cancellation);
        ImmutableHashSet<string> effects = catalog.ChargeNames.Union(catalog.ReleaseNames).Union(["Interlocked", "CompareExchange", "Exchange"]);
        NameHits calls = start.ScanFor(names), changes = start.ScanFor(effects);
        NameHits hits = NameHits.From(tree => calls.Of(tree) is { IsEmpty: false } all ? EffectText.In(tree.GetText(), all, changes.Of(tree)) : ImmutableArray<int>.Empty);
        return new ConditionalEffectCheck(catalog, hits, names, effects);
    }

    public bool IsCandidate(SyntaxNode member) => hits.Any(member) && CallsIn(member).Any();

    public bool Confirms(SyntaxNode member, SemanticModel model, CancellationToken cancellation) =>
        CallsIn(member).Any(call => model.GetSymbolInfo(call, cancellation).Symbol is IMethodSymbol method && ConditionalMethods.Is(method));

    public void Check(MemberCode body)
    {
        foreach (IOperation operation in body.Operation?.Descendants() ?? [])
        {
            if (operation is not IInvocationOperation call || !names.Contains(call.TargetMethod.Name) || !ConditionalMethods.Is(call.TargetMethod) || ConditionalMethods.IsGoneWith(call.Syntax, body.Owner)) continue;
            HashSet<string> changed = [];
            foreach (IArgumentOperation argument in call.Arguments)
            {
                if (argument.ArgumentKind is ArgumentKind.DefaultValue) continue;
                foreach ((IOperation effect, string what) in EffectsIn(argument.Value, body.Syntax))
                {
                    // A variable that is changed twice there is one mistake.
                    if (TargetOf(effect) is { } target && !changed.Add(target.Syntax.ToString())) continue;
                    body.Report(BalanceDiagnostics.Create(
                        Descriptors.PIN1014_EffectMustNotDependOnConditionalCall, null, null, effect.Syntax, [call.Syntax], [], what, call.TargetMethod.Name));
                }
            }
        }
    }

    /// <summary>Calls by one of the names in whose arguments something happens, as far as syntax tells.</summary>
    private IEnumerable<InvocationExpressionSyntax> CallsIn(SyntaxNode member) => ConfirmedCalls.CallsIn(member, hits, names).Select(static c => c.Call).OfType<InvocationExpressionSyntax>()
        .Where(call => call.ArgumentList.DescendantNodes().Any(MayHaveEffect));

    private bool MayHaveEffect(SyntaxNode node) => node switch
    {
        AssignmentExpressionSyntax { Parent: not InitializerExpressionSyntax } => true,
        PostfixUnaryExpressionSyntax postfix => !postfix.IsKind(SyntaxKind.SuppressNullableWarningExpression),
        PrefixUnaryExpressionSyntax prefix => prefix.IsKind(SyntaxKind.PreIncrementExpression) || prefix.IsKind(SyntaxKind.PreDecrementExpression),
        SimpleNameSyntax { Identifier.ValueText: var name } => effects.Contains(name),
        _ => false,
    };

    private IEnumerable<(IOperation Effect, string What)> EffectsIn(IOperation value, SyntaxNode member)
    {
        if (WhatHappens(value, member) is { } what)
        {
            yield return (value, what);
            yield break;
        }

        foreach (IOperation child in value.ChildOperations)
        {
            foreach (var effect in EffectsIn(child, member)) yield return effect;
        }
    }

    private static IOperation? TargetOf(IOperation effect) => effect switch
    {
        IAssignmentOperation assignment => assignment.Target,
        IIncrementOrDecrementOperation step => step.Target,
        _ => null,
    };

    private string? WhatHappens(IOperation operation, SyntaxNode member)
    {
        switch (operation)
        {
            case IInvocationOperation { TargetMethod: { ContainingType.SystemName: "Interlocked" } method } atomic:
                return method.Name.Contains("Read") || method.Name.StartsWith("MemoryBarrier", System.StringComparison.Ordinal) || IsRead(atomic) ? null : "The write";
            case IInvocationOperation call:
                ITypeSymbol? receiver = call.Instance is IConversionOperation { IsImplicit: true } conversion ? conversion.Operand.Type : call.Instance?.Type;
                if (catalog.ChargesOf(call.TargetMethod, receiver).Any(c => catalog.IsTracked(c.Pair, call.Syntax.SyntaxTree))) return "The charge";
                return catalog.ReleasesOf(call.TargetMethod, receiver).Any(r => !r.Implied && catalog.IsTracked(r.Pair, call.Syntax.SyntaxTree)) ? "The release" : null;
            case IAssignmentOperation { Parent: not IObjectOrCollectionInitializerOperation, Target: not IDiscardOperation } assignment:
                return IsForAssertsOnly(assignment.Target, member) || IsSetAnew(assignment.Target) ? null : "The assignment";
            case IIncrementOrDecrementOperation step:
                return IsForAssertsOnly(step.Target, member) || IsSetAnew(step.Target) ? null : "The change";
            default:
                return null;
        }
    }

    /// <summary>An exchange of a value for itself reads, and nothing else.</summary>
    private static bool IsRead(IInvocationOperation atomic) => atomic.TargetMethod.Name == "CompareExchange" && atomic.Arguments.Length == 3
        && atomic.Arguments[1].Value.Syntax.IsEquivalentTo(atomic.Arguments[2].Value.Syntax, topLevel: false) && atomic.Arguments[1].Value is IConversionOperation or ILiteralOperation or ILocalReferenceOperation or IDefaultValueOperation or IFieldReferenceOperation;

    /// <summary>
    /// Behind the call, and others like it, the first thing that happens is that the target gets a value in every build: <c>Debug.Assert((reader.Position = start) == start); … reader.Position = start;</c>.
    /// </summary>
    private bool IsSetAnew(IOperation target)
    {
        StatementSyntax? statement = target.Syntax.FirstAncestorOrSelf<StatementSyntax>();
        IEnumerable<StatementSyntax> all = statement?.Parent switch { BlockSyntax block => block.Statements, SwitchSectionSyntax section => section.Statements, _ => [] };
        return all.SkipWhile(s => s != statement).FirstOrDefault(s => s is not ExpressionStatementSyntax { Expression: InvocationExpressionSyntax call } || !IsConditionalCall(call))
            is ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } set } && set.Left.IsEquivalentTo(target.Syntax, topLevel: false)
            && !set.Right.DescendantNodesAndSelf().Any(part => part.IsEquivalentTo(target.Syntax, topLevel: false) || part is InvocationExpressionSyntax or AwaitExpressionSyntax);
    }

    /// <summary>What is written exists for the sake of such calls: they, and only they, read it.</summary>
    private bool IsForAssertsOnly(IOperation target, SyntaxNode member)
    {
        // A variable that the argument declares itself goes with it, whatever others are called.
        if (target is ILocalReferenceOperation { Local.DeclaringSyntaxReferences: { IsEmpty: false } declared } && declared[0].GetSyntax().Ancestors().OfType<InvocationExpressionSyntax>().Any(IsConditionalCall)) return true;
        if (target is IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } lambda } && lambda.DeclaringSyntaxReferences.Any(r => r.GetSyntax().Ancestors().OfType<InvocationExpressionSyntax>().Any(IsConditionalCall))) return true;
        (string Name, IEnumerable<SyntaxNode> Scope)? variable = target switch
        {
            ILocalReferenceOperation local => (local.Local.Name, [member]),
            IFieldReferenceOperation { Field: { DeclaredAccessibility: Accessibility.Private } field } => (field.Name, field.ContainingType.DeclaringSyntaxReferences.Select(static r => r.GetSyntax())),
            _ => null,
        };
        return variable is { } found && found.Scope.SelectMany(static n => n.DescendantNodes()).OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == found.Name)
            .All(name => name.Ancestors().OfType<InvocationExpressionSyntax>().Any(IsConditionalCall) || IsDebugHook(name));
    }

    private bool IsConditionalCall(InvocationExpressionSyntax call) => call.Expression switch
    {
        SimpleNameSyntax name => IsConditional(name, null),
        MemberAccessExpressionSyntax access => IsConditional(access.Name, access.Expression),
        _ => false,
    };

    private bool IsConditional(SimpleNameSyntax name, ExpressionSyntax? type) => names.Contains(name.Identifier.ValueText)
        && (!ConditionalMethods.OfFramework.Contains(name.Identifier.ValueText) || (type is null ? name.Identifier.ValueText == "Assert" : type.ToString().Split('.').Last() is "Debug" or "Trace" or "Contract"));

    private static bool IsDebugHook(SyntaxNode name) => name.Ancestors().OfType<MethodDeclarationSyntax>().Any(static m => m.AttributeLists.SelectMany(static l => l.Attributes).Any(static a => a.Name.ToString().Contains("Conditional")));
}
