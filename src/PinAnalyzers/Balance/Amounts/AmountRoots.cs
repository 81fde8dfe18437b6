using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>What an amount was made of: the variables and members in it, and those that they were given their values from.</summary>
internal static class AmountRoots
{
    /// <summary>Nothing that went into the one went into the other: what is given back was charged before, as for an entry that is replaced.</summary>
    /// <param name="charged">The amount of the charge.</param>
    /// <param name="released">The amount of the release.</param>
    /// <param name="body">Where both stand.</param>
    public static bool AreApart(IOperation charged, IOperation released, IOperation body)
    {
        HashSet<ISymbol> left = Of(charged, body);
        return left.Count > 0 && Of(released, body) is { Count: > 0 } right && !left.Overlaps(right);
    }

    private static HashSet<ISymbol> Of(IOperation amount, IOperation body)
    {
        HashSet<ISymbol> roots = new(SymbolEqualityComparer.Default);
        List<IOperation>? all = null;
        Stack<IOperation> open = new([amount]);
        while (open.Count > 0)
        {
            IOperation value = open.Pop();
            foreach (IOperation part in value is IInvocationOperation { TargetMethod.ContainingType.SystemName: "Interlocked" } atomic && atomic.Arguments.Length > 0
                ? atomic.Arguments[0].DescendantsAndSelf() // An exchange gives what was there before.
                : value.DescendantsAndSelf())
            {
                if (RootIn(part) is not { } root || !roots.Add(root)) continue;
                foreach (IOperation source in all ??= [.. body.Descendants()])
                {
                    if (source.Syntax.SpanStart < part.Syntax.SpanStart && ValueGiven(source, root) is { } given) open.Push(given);
                }
            }
        }

        return roots;
    }

    private static ISymbol? RootIn(IOperation part) => part switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation { Field.IsConst: false, Instance: null or IInstanceReferenceOperation } field => field.Field.OriginalDefinition,
        IPropertyReferenceOperation { Instance: null or IInstanceReferenceOperation } property => property.Property.OriginalDefinition,
        _ => null,
    };

    /// <summary>What the operation gives to the variable or member; of an output, all that the call was made with.</summary>
    private static IOperation? ValueGiven(IOperation operation, ISymbol taker)
    {
        return operation switch
        {
            IVariableDeclaratorOperation declared when Is(declared.Symbol) => declared.GetVariableInitializer()?.Value,
            IAssignmentOperation assignment when Is(RootIn(assignment.Target)) => assignment.Value,
            IArgumentOperation { Parameter.RefKind: RefKind.Out or RefKind.Ref, Parent: { } call } argument when argument.Value.DescendantsAndSelf().Any(part => Is(RootIn(part))) => call,
            IForEachLoopOperation loop when loop.LoopControlVariable.DescendantsAndSelf().Any(part => Is((part as IVariableDeclaratorOperation)?.Symbol)) => loop.Collection,
            IIsPatternOperation test when test.Pattern.DescendantsAndSelf().Any(part => Is(DeclaredBy(part))) => test.Value,
            _ => null,
        };

        bool Is(ISymbol? symbol) => SymbolEqualityComparer.Default.Equals(symbol, taker);
    }

    private static ISymbol? DeclaredBy(IOperation pattern) => pattern switch
    {
        IDeclarationPatternOperation declaration => declaration.DeclaredSymbol,
        IRecursivePatternOperation recursive => recursive.DeclaredSymbol,
        _ => null,
    };
}
