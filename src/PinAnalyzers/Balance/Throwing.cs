using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs.BuiltIn;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>
/// Which calls may throw. In principle every call may; what counts here is whether a careful author writes a finally because of it.
/// </summary>
internal sealed class Throwing(Compilation compilation, CancellationToken cancellation)
{
    private readonly ConcurrentDictionary<IMethodSymbol, bool> _quiet = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<IMethodSymbol, (int Ordinal, bool Value)?> _stops = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<IMethodSymbol, bool> _neverReturns = new(SymbolEqualityComparer.Default);

    public ThrowKind? Judge(CallSite call, bool isRelease)
    {
        IMethodSymbol method = call.Method;
        if (call.IsDelegate) return ThrowKind.Callback;
        if (isRelease || method.MethodKind is MethodKind.PropertyGet or MethodKind.EventAdd or MethodKind.EventRemove) return QuietAccessor(method) ? null : ThrowKind.Call;
        foreach (IOperation? argument in call.ArgumentOperations)
        {
            if (argument is IDelegateCreationOperation made && !IsQuietLambda(made)) return IsThreading(method) ? null : ThrowKind.Callback;
        }

        // Whoever marks a method so may end the process there as well as throw; and a build that leaves its calls out loses nothing by them.
        if (method.IsExtern || method.IsConditional || CallContracts.NeverReturns(method)) return null;
        return _quiet.GetOrFind(method.OriginalDefinition, this, static (self, m) => self.IsQuiet(m)) ? null : ThrowKind.Call;
    }

    /// <summary>Time passes, or somebody else comes to his end, and nobody can end that sooner: <c>Task.Delay(100)</c>, <c>Task.Yield()</c>, <c>gate.WaitAsync()</c>.</summary>
    public static bool IsPause(IOperation awaited) => awaited is IInvocationOperation { TargetMethod: var method } && method switch
    {
        { Name: "Delay" or "Yield", ContainingType.SystemName: "Task" } => method.Parameters.Length < 2,
        { Name: "WaitAsync", ContainingType.SystemName: "SemaphoreSlim" } => !method.Parameters.Any(static p => p.Type.Name == "CancellationToken"),
        _ => false,
    };

    /// <summary>A helper whose body ends in a throw and has no other way out.</summary>
    public bool NeverReturns(IMethodSymbol method) =>
        method.MethodKind is MethodKind.Ordinary or MethodKind.LocalFunction && !method.IsAsync && _neverReturns.GetOrFind(method.OriginalDefinition, this, static (self, m) => self.FindNeverReturns(m));

    private bool FindNeverReturns(IMethodSymbol method) =>
        CallContracts.NeverReturns(method) || (method.IsWrittenIn(compilation) && !method.IsVirtual && !method.IsOverride && !method.IsAbstract && EndsInThrow(method));

    /// <summary>The argument of <c>[DoesNotReturnIf]</c>. <c>Debug.Assert</c> is compiled out of the builds that matter: it proves nothing.</summary>
    public (int Ordinal, bool Value)? StopsWhen(IMethodSymbol method)
    {
        bool mayStop = false;
        foreach (IParameterSymbol parameter in method.Parameters) mayStop |= parameter.Type.SpecialType == SpecialType.System_Boolean;
        return mayStop ? _stops.GetOrFind(method.OriginalDefinition, this, static (self, m) => self.FindStop(m)) : null;
    }

    private (int Ordinal, bool Value)? FindStop(IMethodSymbol method) => CallContracts.StopsWhen(method) ?? Assertions.StopsWhen(method, compilation);

    private bool EndsInThrow(IMethodSymbol method)
    {
        (BlockSyntax? block, ArrowExpressionClauseSyntax? arrow) = Symbols.BodyGraphs.BodyOf(method, compilation, cancellation) switch
        {
            MethodDeclarationSyntax declaration => (declaration.Body, declaration.ExpressionBody),
            LocalFunctionStatementSyntax local => (local.Body, local.ExpressionBody),
            _ => default,
        };
        if (arrow is { Expression: ThrowExpressionSyntax }) return true;
        if (block is not { Statements: { Count: > 0 } statements } || statements.Last() is not ThrowStatementSyntax) return false;
        foreach (SyntaxNode node in block.DescendantNodes(static n => n is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)))
        {
            if (node is ReturnStatementSyntax or YieldStatementSyntax or GotoStatementSyntax) return false;
        }

        return true;
    }

    /// <summary>The body throws something itself, somewhere.</summary>
    public bool Throws(IMethodSymbol method) => Symbols.BodyGraphs.BodyOf(method.OriginalDefinition, compilation, cancellation) is { } body
        && body.DescendantNodes(n => n == body || n is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).Any(static n => n is ThrowStatementSyntax or ThrowExpressionSyntax);

    /// <summary>What has no body in sight, as in a library, an interface or an abstract class, is taken for what an accessor should be.</summary>
    private bool QuietAccessor(IMethodSymbol method) => !method.IsWrittenIn(compilation) || method.IsAbstract || _quiet.GetOrFind(method.OriginalDefinition, this, static (self, m) => self.IsQuiet(m));

    private bool IsQuiet(IMethodSymbol method)
    {
        if (method.IsWrittenIn(compilation) && (NativeImports.IsGenerated(method) || WrappedNumbers.IsTakenBy(method))) return true;
        if (method.IsWrittenIn(compilation)) return !method.IsVirtual && !method.IsAbstract && !method.IsOverride && HasQuietBody(method);
        return QuietLibrary.Contains(method) || Assertions.EndsTest(method);
    }

    /// <summary>
    /// A body without calls, creations, throws or awaits cannot do more than dereference, but for those whose exceptions it swallows. What a property makes when it is first asked,
    /// <c>Gate => field ??= new()</c>, it has made before it is asked again.
    /// </summary>
    private bool HasQuietBody(IMethodSymbol method) => Symbols.BodyGraphs.BodyOf(method, compilation, cancellation) is { } body && IsQuietBody(body, method);

    /// <summary>What such a lambda does is in sight, and is nothing that throws; what is left is whether the one who calls it does.</summary>
    private static bool IsQuietLambda(IDelegateCreationOperation made) =>
        made.Target is IFlowAnonymousFunctionOperation { Symbol: var lambda, Syntax: AnonymousFunctionExpressionSyntax { Body: var body } } && IsQuietBody(body, lambda);

    private static bool IsQuietBody(SyntaxNode body, IMethodSymbol method)
    {
        foreach (SyntaxNode node in body.DescendantNodesAndSelf(static n => n is not AttributeListSyntax && !IsSwallowed(n)))
        {
            switch (node.Kind())
            {
                case SyntaxKind.ObjectCreationExpression or SyntaxKind.ImplicitObjectCreationExpression when method.MethodKind == MethodKind.PropertyGet && node.Parent is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceAssignmentExpression }:
                    break;
                case SyntaxKind.InvocationExpression:
                case SyntaxKind.ObjectCreationExpression:
                case SyntaxKind.ImplicitObjectCreationExpression:
                case SyntaxKind.ThrowStatement:
                case SyntaxKind.ThrowExpression:
                case SyntaxKind.AwaitExpression:
                case SyntaxKind.CheckedExpression:
                case SyntaxKind.CastExpression when !IsOfNumber((CastExpressionSyntax)node, method):
                case SyntaxKind.DivideExpression when !IsConstant(((BinaryExpressionSyntax)node).Right, method):
                    return false;
            }
        }

        return true;
    }

    /// <summary>The block of a <c>try</c> that catches whatever leaves it. Its handlers are bodies like others.</summary>
    private static bool IsSwallowed(SyntaxNode node) => node is BlockSyntax { Parent: TryStatementSyntax attempt } && attempt.Block == node && attempt.Catches.Any(static handler => handler.Filter is null && IsOfAll(handler.Declaration?.Type));

    private static bool IsOfAll(TypeSyntax? caught) => caught switch
    {
        null => true,
        SimpleNameSyntax { Identifier.ValueText: nameof(System.Exception) } => true,
        QualifiedNameSyntax { Left: var space, Right.Identifier.ValueText: nameof(System.Exception) } => space is SimpleNameSyntax { Identifier.ValueText: nameof(System) } or AliasQualifiedNameSyntax { Name.Identifier.ValueText: nameof(System) },
        _ => false,
    };

    /// <summary><c>(int)length</c>, <c>(int)(ticks >> 32)</c> of what is a number or an address, which cuts bits off at worst.</summary>
    private static bool IsOfNumber(CastExpressionSyntax cast, IMethodSymbol method) =>
        cast.Type is PredefinedTypeSyntax { Keyword.RawKind: not ((int)SyntaxKind.DecimalKeyword or (int)SyntaxKind.ObjectKeyword or (int)SyntaxKind.StringKeyword) } && IsNumber(cast.Expression, method);

    private static bool IsNumber(ExpressionSyntax expression, IMethodSymbol method) => expression switch
    {
        ParenthesizedExpressionSyntax inner => IsNumber(inner.Expression, method),
        LiteralExpressionSyntax literal => literal.IsKind(SyntaxKind.NumericLiteralExpression),
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression or (int)SyntaxKind.BitwiseNotExpression } unary => IsNumber(unary.Operand, method),
        BinaryExpressionSyntax
        {
            RawKind: (int)SyntaxKind.AddExpression or (int)SyntaxKind.SubtractExpression or (int)SyntaxKind.MultiplyExpression or (int)SyntaxKind.LeftShiftExpression or (int)SyntaxKind.RightShiftExpression
            or (int)SyntaxKind.BitwiseAndExpression or (int)SyntaxKind.BitwiseOrExpression or (int)SyntaxKind.ExclusiveOrExpression,
        } binary => IsNumber(binary.Left, method) && IsNumber(binary.Right, method),
        CastExpressionSyntax cast => IsOfNumber(cast, method),
        IdentifierNameSyntax { Identifier.ValueText: var name } => method.Parameters.Any(p => p.Name == name && IsNumber(p.Type)),
        _ => false,
    };

    private static bool IsNumber(ITypeSymbol type) => type is IPointerTypeSymbol || type.SpecialType is (>= SpecialType.System_Char and <= SpecialType.System_UInt64) or SpecialType.System_IntPtr or SpecialType.System_UIntPtr;

    /// <summary>What is written out, here or as a constant of the type, is not zero.</summary>
    private static bool IsConstant(ExpressionSyntax divisor, IMethodSymbol method) =>
        divisor is LiteralExpressionSyntax || (divisor is IdentifierNameSyntax { Identifier.ValueText: var name } && method.ContainingType.GetMembers(name).Any(static m => m is IFieldSymbol { IsConst: true }));

    private static bool IsThreading(IMethodSymbol method) => method.MethodKind == MethodKind.Constructor || method.ContainingType is { SystemName: "Task" or "ThreadPool" or "TaskFactory" or "Timer" };
}
