using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>
/// Which parameters of source methods and constructors point into shared memory, because every call that the compilation makes says so. Slots of a ring and
/// stretches of bytes do not count: whoever hands one out answers for it. Computed when asked, kept for the life of the compilation.
/// </summary>
internal sealed class SharedParameters(SharedContext context)
{
    private readonly ConcurrentDictionary<IParameterSymbol, SharedTraits?> _traits = new(SymbolEqualityComparer.Default);

    public SharedTraits? TraitsOf(IParameterSymbol parameter)
    {
        parameter = Defined(parameter);
        if (parameter.ContainingSymbol is not IMethodSymbol method || !method.IsWrittenIn(context.Compilation) || parameter.RefKind == RefKind.Out) return null;
        // Whoever may be run by a call through a base or an interface is handed what those calls hand over; nobody else's calls must be possible then.
        ISymbol origin = Implementations.OriginOf(method);
        if (!SymbolEqualityComparer.Default.Equals(origin, method) || IsFamily(method))
        {
            if (!origin.IsWrittenIn(context.Compilation) || !Implementations.IsSeenWhole(origin)) return null;
        }

        return method switch
        {
            // What is assigned to the property, wherever.
            { MethodKind: MethodKind.PropertySet, AssociatedSymbol: IPropertySymbol { IsIndexer: false } property } => IsFamily(method) ? null : context.Fields.TraitsOf(property),
            { MethodKind: MethodKind.Ordinary or MethodKind.Constructor or MethodKind.LocalFunction or MethodKind.ExplicitInterfaceImplementation } =>
                CallsOf(method) is { Count: 0 } ? null : context.Open.Ask(_traits, parameter, null, asked => Read(asked, method)),
            _ => null,
        };
    }

    /// <summary>True when every call of the compilation hands over an argument that satisfies the test, and some call does.</summary>
    public bool IsAlways(IParameterSymbol parameter, Func<ExpressionSyntax, PlaceReader, bool> test)
    {
        parameter = Defined(parameter);
        if (parameter.ContainingSymbol is not IMethodSymbol { IsVirtual: false, IsOverride: false, IsAbstract: false } method) return false;
        return context.Open.Ask(null, parameter, false, asked =>
            Arguments(asked, method).ToList() is { Count: > 0 } arguments && arguments.All(argument => argument.Value is not null && test(argument.Value, argument.Reader!)));
    }

    /// <summary>The parameter as whoever calls sees it.</summary>
    private static IParameterSymbol Defined(IParameterSymbol parameter) =>
        parameter.OriginalDefinition is { ContainingSymbol: IMethodSymbol { PartialDefinitionPart: { } definition } } implemented ? definition.Parameters[implemented.Ordinal] : parameter.OriginalDefinition;

    private SharedTraits? Read(IParameterSymbol parameter, IMethodSymbol method)
    {
        SharedTraits? traits = null;
        foreach ((ExpressionSyntax? value, PlaceReader? reader) in Arguments(parameter, method))
        {
            if (value is null || reader is null) return null;
            // What an arrow extends is what the pointer points to.
            Place? place = parameter.RefKind == RefKind.None || value.Parent.IsKind(SyntaxKind.PointerMemberAccessExpression) ? reader.TargetOf(value) : reader.CellAt(value);
            if (place?.Shared is not { } own || place.IsSlot || (method.MethodKind != MethodKind.Constructor && !place.Indexes.IsEmpty && PointsToBytes(parameter.Type))) return null;
            traits = traits is null ? own : traits.And(own);
        }

        return traits;
    }

    /// <summary>What is handed over for a parameter, call by call; null where that cannot be seen.</summary>
    private IEnumerable<(ExpressionSyntax? Value, PlaceReader? Reader)> Arguments(IParameterSymbol parameter, IMethodSymbol method)
    {
        if (CallsOf(method) is not { } calls)
        {
            yield return (null, null);
            yield break;
        }

        foreach (SyntaxNode call in calls)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            // The arguments for a base stand with the type itself.
            SyntaxNode? member = call is PrimaryConstructorBaseTypeSyntax ? call : call.FirstAncestorOrSelf<MemberDeclarationSyntax>();
            // What goes by an alias is not looked for.
            if (member is null or BaseTypeDeclarationSyntax || call is UsingDirectiveSyntax || BodyGraphs.IsTooDeep(member))
            {
                yield return (null, null);
                continue;
            }

            SemanticModel model = SemanticModels.Of(call.SyntaxTree, context.Compilation);
            SymbolInfo info = model.GetSymbolInfo(call, context.Cancellation);
            if (call is SimpleNameSyntax)
            {
                // Whoever holds the delegate calls it with what it likes.
                if (info.CandidateSymbols.Add(info.Symbol!).OfType<IMethodSymbol>().Any(named => MayRun((named.ReducedFrom ?? named).OriginalDefinition, method))) yield return (null, null);
                continue;
            }

            if (info.Symbol is not IMethodSymbol called || !MayRun((called.ReducedFrom ?? called).OriginalDefinition, method)) continue;
            if (ArgumentFor(parameter, call, called) is not { } argument || PlaceReader.IsNull(argument)) continue;
            PlaceReader reader = context.ReaderOf(member, model);
            // A method that calls itself hands on what it was given.
            if (reader.SymbolOf(Bindings.Uncast(argument))?.OriginalDefinition is IParameterSymbol given && given.Ordinal == parameter.Ordinal
                && (SymbolEqualityComparer.Default.Equals(given, parameter) || given.ContainingSymbol is IMethodSymbol around && IsFamily(method) && MayRun(around, method))) continue;
            yield return (argument, reader);
        }
    }

    private static bool IsFamily(IMethodSymbol method) => method.IsVirtual || method.IsAbstract || method.IsOverride;

    private static bool MayRun(IMethodSymbol called, IMethodSymbol method) => SymbolEqualityComparer.Default.Equals(called, method)
        || called.Name.EndsWith(method.SourceName(), StringComparison.Ordinal) && IsFamily(called) && SymbolEqualityComparer.Default.Equals(Implementations.OriginOf(called), Implementations.OriginOf(method));

    /// <summary>Where the method may be called, or handed around to be called; null when there are too many places to tell.</summary>
    private IReadOnlyList<SyntaxNode>? CallsOf(IMethodSymbol method)
    {
        IReadOnlyList<SyntaxNode>? calls = context.Sites.CallsOf(method.SourceName());
        IReadOnlyList<SyntaxNode>? others = method.MethodKind == MethodKind.Constructor ? context.Creations.Of(method) : context.Sites.GroupsOf(method.SourceName());
        return calls is null || others is null ? null : others.Count == 0 ? calls : calls.Concat(others).ToList();
    }

    private static ExpressionSyntax? ArgumentFor(IParameterSymbol parameter, SyntaxNode call, IMethodSymbol called)
    {
        int ordinal = parameter.Ordinal;
        if (called.ReducedFrom is not null && ordinal-- == 0) return call is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var receiver } } ? receiver : null;
        if (SharedSites.ArgumentsOf(call) is not { } list) return null;
        SeparatedSyntaxList<ArgumentSyntax> arguments = list.Arguments;
        ArgumentSyntax? named = arguments.FirstOrDefault(argument => argument.NameColon is { Name.Identifier.ValueText: var name } && name == parameter.Name);
        return (named ?? (ordinal < arguments.Count && arguments[ordinal].NameColon is null ? arguments[ordinal] : null))?.Expression;
    }

    private static bool PointsToBytes(ITypeSymbol type)
    {
        ITypeSymbol? pointed = type switch
        {
            IPointerTypeSymbol pointer => pointer.PointedAtType,
            INamedTypeSymbol { TypeArguments: { Length: 1 } arguments } view when SharedAnnotations.IsSpan(view) => arguments[0],
            _ => null,
        };
        return pointed is null or { SpecialType: SpecialType.System_Byte or SpecialType.System_SByte or SpecialType.System_Void };
    }
}
