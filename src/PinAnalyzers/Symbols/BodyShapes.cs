using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Symbols;

/// <summary>What stands somewhere in a body.</summary>
[Flags]
internal enum BodyShape
{
    None = 0,

    /// <summary>A lambda, an anonymous method or a local function.</summary>
    NestedBody = 1 << 0,
    Lambda = 1 << 1,
    Creation = 1 << 2,
    This = 1 << 3,
    With = 1 << 4,

    /// <summary><c>this with { … }</c>, or <c>MemberwiseClone</c>.</summary>
    CloneOfItself = 1 << 5,
    MemberwiseClone = 1 << 6,
    Using = 1 << 7,
    AssignmentOrArgument = 1 << 8,

    /// <summary><c>x.Length</c> as an argument.</summary>
    LengthArgument = 1 << 9,
    Loop = 1 << 10,
    SeveralLoops = 1 << 11,

    /// <summary><c>-=</c>, or <c>Interlocked</c>.</summary>
    Subtraction = 1 << 12,

    /// <summary>Nests deeper than <see cref="BodyGraphs.MaxNesting"/>.</summary>
    TooDeep = 1 << 13,

    /// <summary><c>new(…)</c>, which does not repeat its type.</summary>
    ImplicitCreation = 1 << 14,
    Label = 1 << 15,

    /// <summary><c>--</c>.</summary>
    Decrement = 1 << 16,

    /// <summary>An argument that is handed over by <c>ref</c>.</summary>
    RefArgument = 1 << 17,
}

/// <summary>The shapes of bodies and what they call, by syntax alone. Many rules ask for some of it; the tree is walked once for all.</summary>
internal static class BodyShapes
{
    private static readonly ConditionalWeakTable<SyntaxNode, Known> s_known = new();

    /// <summary>Used again for every body.</summary>
    private static readonly ThreadLocal<(Stack<(SyntaxNode Node, int Depth)> Path, List<ExpressionSyntax> Calls)> s_lent = new(static () => (new(), []));

    public static bool Has(SyntaxNode body, BodyShape any) => (Of(body).Shape & any) != 0;

    /// <summary>Everything that is called or made with <c>new</c>, in the order in which it is written.</summary>
    public static ExpressionSyntax[] CallsIn(SyntaxNode body) => Of(body).Calls;

    private static Known Of(SyntaxNode body) => s_known.GetValue(body, static node => Read(node));

    private static Known Read(SyntaxNode body)
    {
        BodyShape shape = BodyShape.None;
        (Stack<(SyntaxNode Node, int Depth)> path, List<ExpressionSyntax> calls) = s_lent.Value;
        path.Push((body, 0));
        foreach (SyntaxNode node in body.DescendantNodes())
        {
            if (node is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax) calls.Add((ExpressionSyntax)node);
            BodyShape added = ShapeOf(node);
            if (added == BodyShape.Loop && (shape & BodyShape.Loop) != 0) added = BodyShape.SeveralLoops;
            shape |= added;

            while (path.Peek().Node != node.Parent) path.Pop();

            // An `else if` chain is flat.
            bool isLevel = node is ExpressionSyntax or StatementSyntax and not IfStatementSyntax { Parent: ElseClauseSyntax };
            int depth = path.Peek().Depth + (isLevel ? 1 : 0);
            if (depth > BodyGraphs.MaxNesting) shape |= BodyShape.TooDeep;
            path.Push((node, depth));
        }

        Known known = new(shape, calls.Count == 0 ? [] : calls.ToArray());
        path.Clear();
        calls.Clear();
        return known;
    }

    private static BodyShape ShapeOf(SyntaxNode node)
    {
        switch (node.Kind())
        {
            case SyntaxKind.SimpleLambdaExpression or SyntaxKind.ParenthesizedLambdaExpression or SyntaxKind.AnonymousMethodExpression:
                return BodyShape.NestedBody | BodyShape.Lambda;
            case SyntaxKind.LocalFunctionStatement:
                return BodyShape.NestedBody;
            case SyntaxKind.ObjectCreationExpression:
                return BodyShape.Creation;
            case SyntaxKind.ImplicitObjectCreationExpression:
                return BodyShape.Creation | BodyShape.ImplicitCreation;
            case SyntaxKind.ThisExpression:
                return BodyShape.This;
            case SyntaxKind.WithExpression:
                return ((WithExpressionSyntax)node).Expression.IsKind(SyntaxKind.ThisExpression) ? BodyShape.With | BodyShape.CloneOfItself : BodyShape.With;
            case SyntaxKind.UsingStatement:
            case SyntaxKind.LocalDeclarationStatement when ((LocalDeclarationStatementSyntax)node).UsingKeyword.RawKind != 0:
                return BodyShape.Using;
            case SyntaxKind.SubtractAssignmentExpression:
                return BodyShape.AssignmentOrArgument | BodyShape.Subtraction;
            case SyntaxKind.PostDecrementExpression or SyntaxKind.PreDecrementExpression:
                return BodyShape.Decrement;
            case SyntaxKind.LabeledStatement:
                return BodyShape.Label;
            case SyntaxKind.Argument:
                ArgumentSyntax argument = (ArgumentSyntax)node;
                BodyShape passed = argument.RefKindKeyword.IsKind(SyntaxKind.RefKeyword) ? BodyShape.AssignmentOrArgument | BodyShape.RefArgument : BodyShape.AssignmentOrArgument;
                return argument.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Length" } ? passed | BodyShape.LengthArgument : passed;
            case SyntaxKind.ForStatement or SyntaxKind.ForEachStatement or SyntaxKind.WhileStatement:
                return BodyShape.Loop;
            case SyntaxKind.IdentifierName:
                return ((IdentifierNameSyntax)node).Identifier.ValueText switch
                {
                    "MemberwiseClone" => BodyShape.MemberwiseClone | BodyShape.CloneOfItself,
                    "Interlocked" => BodyShape.Subtraction,
                    _ => BodyShape.None,
                };
            default:
                return node is AssignmentExpressionSyntax ? BodyShape.AssignmentOrArgument : BodyShape.None;
        }
    }

    private sealed class Known(BodyShape shape, ExpressionSyntax[] calls)
    {
        public BodyShape Shape { get; } = shape;

        public ExpressionSyntax[] Calls { get; } = calls;
    }
}
