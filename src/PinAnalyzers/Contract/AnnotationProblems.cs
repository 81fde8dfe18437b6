using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Contract;

/// <summary>
/// PIN4011 for the annotations that pairs have no part in: contracts of parameters and results, inheritance, shared memory, written specifications. Each is
/// judged where it stands, from its own declaration; what the compiler complains about already is left to it.
/// </summary>
internal static class AnnotationProblems
{
    private static readonly ImmutableDictionary<string, Func<AttributeData, ISymbol, string?>> s_checks = new Dictionary<string, Func<AttributeData, ISymbol, string?>>
    {
        [Annotations.ValidRange] = static (attribute, target) => target is IParameterSymbol parameter ? ParameterProblems.OfRange(attribute, parameter) : null,
        [Annotations.ValidMask] = static (attribute, target) => target is IParameterSymbol parameter ? ParameterProblems.OfMask(attribute, parameter) : null,
        [Annotations.MustBeZero] = static (_, target) => target is IParameterSymbol parameter ? ParameterProblems.OfZero(parameter) : null,
        [Annotations.Errno] = static (_, target) => target is IMethodSymbol method ? OfErrno(method) : null,
        [Annotations.Inherited] = static (_, target) => target.IsStatic ? $"[Inherited] is on '{target.Name}', which is static: no copy gets one of its own" : null,
        ["Deferred"] = static (_, target) => target is IParameterSymbol { Type.TypeKind: not (TypeKind.Delegate or TypeKind.Error or TypeKind.TypeParameter) } parameter && parameter.Type.SpecialType is not (SpecialType.System_Delegate or SpecialType.System_MulticastDelegate)
            // A queue of jobs may keep what it is to call as an expression.
            && !parameter.Type.IsOrInherits("System.Linq.Expressions.LambdaExpression")
            ? $"[Deferred] is on '{parameter.Name}' of type '{Display(parameter.Type)}', which is no delegate: nothing of it runs later" : null,
        [Annotations.CapabilityCheck] = static (_, target) => target is IMethodSymbol { ReturnsVoid: true } method ? $"[CapabilityCheck] is on '{method.Name}', which returns nothing and so answers nothing" : null,
        [Annotations.Ambient] = static (_, target) => target is IMethodSymbol { ReturnsVoid: true } method ? $"[Ambient] is on '{method.Name}', which returns nothing" : null,
        ["SharedIndex"] = static (attribute, target) => OfMember(target, Annotations.Named<string>(attribute, "Payload"), "Payload"),
        ["PrivateCopy"] = static (attribute, target) => OfMember(target, Annotations.Argument(attribute, 0), "[PrivateCopy]"),
        ["FailsWith"] = static (attribute, target) => OfText(attribute, "FailsWith", "a status") ?? OfStatus(Annotations.Argument(attribute, 0), target),
        ["Interruptible"] = static (attribute, target) => OfStatus(Annotations.Named<string>(attribute, "Status"), target),
        ["TakesLock"] = static (attribute, _) => OfText(attribute, "TakesLock", "a lock"),
        ["Constraint"] = static (attribute, _) => OfText(attribute, "Constraint", "a condition"),
        [Annotations.Effect] = static (attribute, _) => OfText(attribute, "Effect", "what is changed"),
        [Annotations.Charge] = static (attribute, _) => OfText(attribute, "Charge", "a key"),
        [Annotations.Release] = static (attribute, _) => OfText(attribute, "Release", "a key"),
        ["StateTransition"] = static (attribute, _) => OfText(attribute, "StateTransition", "what changes its state") ?? OfTransition(attribute),
    }.ToImmutableDictionary();

    private static readonly NameScan s_scan = new(s_checks.Keys.Concat(s_checks.Keys.Select(static name => name + "Attribute")));

    public static IEnumerable<DeclarationProblem> Find(SemanticModel model, CancellationToken cancellation)
    {
        SyntaxNode? root = null;
        foreach (int hit in s_scan.Find(model.SyntaxTree.GetText(cancellation)))
        {
            root ??= model.SyntaxTree.GetRoot(cancellation);
            if (root.FindToken(hit).Parent?.FirstAncestorOrSelf<AttributeSyntax>() is not { Parent: AttributeListSyntax { Parent: { } declaration } list } syntax || syntax.ContainsDiagnostics) continue;
            foreach (ISymbol target in Targets(declaration, list, model, cancellation))
            {
                if (DataOf(syntax, target) is not { } attribute || Check(attribute, target) is not { } message) continue;
                yield return new DeclarationProblem(syntax.GetLocation(), message);
                break;
            }
        }
    }

    private static string? Check(AttributeData attribute, ISymbol target)
    {
        foreach (KeyValuePair<string, Func<AttributeData, ISymbol, string?>> check in s_checks)
        {
            if (Annotations.Is(attribute, check.Key)) return check.Value(attribute, target);
        }

        return null;
    }

    /// <summary>What the attribute is applied to: also the property that a positional parameter of a record makes.</summary>
    private static IEnumerable<ISymbol> Targets(SyntaxNode declaration, AttributeListSyntax list, SemanticModel model, CancellationToken cancellation)
    {
        if (declaration is FieldDeclarationSyntax field)
        {
            foreach (VariableDeclaratorSyntax variable in field.Declaration.Variables)
            {
                if (model.GetDeclaredSymbol(variable, cancellation) is { } symbol) yield return symbol;
            }
        }
        else if (model.GetDeclaredSymbol(declaration, cancellation) is { } symbol)
        {
            yield return symbol;
            if (symbol is IParameterSymbol && list.Target is not null && symbol.ContainingType?.GetMembers(symbol.Name).FirstOrDefault() is { } made) yield return made;
            if (symbol is IMethodSymbol { MethodKind: MethodKind.PropertySet, Parameters: { Length: > 0 } parameters }) yield return parameters[parameters.Length - 1];
        }
    }

    private static AttributeData? DataOf(AttributeSyntax syntax, ISymbol target)
    {
        IEnumerable<AttributeData> all = target.GetAttributes();
        if (target is IMethodSymbol method) all = all.Concat(method.GetReturnTypeAttributes());
        return all.FirstOrDefault(attribute => attribute.ApplicationSyntaxReference is { } reference && reference.SyntaxTree == syntax.SyntaxTree && reference.Span == syntax.Span);
    }

    private static string? OfErrno(IMethodSymbol method)
    {
        ITypeSymbol result = method.AwaitedReturnType();
        return result.TypeKind is TypeKind.Error or TypeKind.Enum or TypeKind.Pointer or TypeKind.TypeParameter || result.IsIntegral()
            ? null
            : $"[Errno] is on '{method.Name}', whose result of type '{Display(result)}' can hold no error number";
    }

    private static string? OfMember(ISymbol target, string? name, string role)
    {
        if (name is null || target.ContainingType is not { } type) return null;
        for (INamedTypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (!current.GetMembers(name).IsEmpty) return null;
        }

        // An index lies in the struct that the type's field points to as often as in the type.
        if (type.GetMembers().Select(TypeOf).Any(held => held?.GetMembers(name).IsEmpty == false)) return null;
        return $"{role} names '{name}', but '{type.Name}' has no such member" + NearMiss.Suggestion(name, type.MemberNames);
    }

    private static ITypeSymbol? TypeOf(ISymbol member)
    {
        ITypeSymbol? type = member switch
        {
            IFieldSymbol field => field.Type,
            IPropertySymbol property => property.Type,
            _ => null,
        };
        return type is IPointerTypeSymbol pointer ? pointer.PointedAtType : type;
    }

    private static string? OfText(AttributeData attribute, string name, string what) =>
        Annotations.Argument(attribute, 0) is { } text && string.IsNullOrWhiteSpace(text) ? $"[{name}] has to name {what}; it names nothing" : null;

    private static string? OfTransition(AttributeData attribute) =>
        Annotations.Named<string>(attribute, "From") is null && Annotations.Named<string>(attribute, "To") is null
            ? "[StateTransition] says neither From nor To, so nothing changes" : null;

    /// <summary>A status may be anything; one that nearly is a member of the enum that the method returns, or an error number, is a misspelling.</summary>
    private static string? OfStatus(string? status, ISymbol target)
    {
        if (status is null || target is not IMethodSymbol method || status.EndsWith("Exception", StringComparison.Ordinal)) return null;
        ITypeSymbol result = method.AwaitedReturnType();
        INamedTypeSymbol? statuses = result as INamedTypeSymbol is { TypeKind: TypeKind.Enum } own ? own : result.GetMembers("Status").OfType<IPropertySymbol>().Select(static property => property.Type).OfType<INamedTypeSymbol>().FirstOrDefault(static type => type.TypeKind == TypeKind.Enum);
        string[] known = statuses is not null
            ? statuses.GetMembers().OfType<IFieldSymbol>().Where(static field => field.HasConstantValue).Select(static field => field.Name).ToArray()
            : Annotations.Find(method.GetReturnTypeAttributes(), Annotations.Errno) is not null ? s_errnos : [];
        if (known.Contains(status.TrimStart('-'))) return null;
        string suggestion = NearMiss.Suggestion(status.TrimStart('-'), known);
        return suggestion.Length == 0 ? null : $"'{status}' is no {(statuses is null ? "error number" : $"member of '{statuses.Name}'")}{suggestion}";
    }

    internal static string Display(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

    private static readonly string[] s_errnos =
    [
        "EPERM", "ENOENT", "ESRCH", "EINTR", "EIO", "ENXIO", "E2BIG", "EBADF", "ECHILD", "EAGAIN", "EWOULDBLOCK", "ENOMEM", "EACCES", "EFAULT", "EBUSY", "EEXIST", "EXDEV", "ENODEV", "EINVAL", "ENFILE",
        "EMFILE", "ENOTTY", "EFBIG", "ENOSPC", "ESPIPE", "EROFS", "EPIPE", "EDOM", "ERANGE", "EDEADLK", "ENOLCK", "ENOSYS", "EOVERFLOW", "EOPNOTSUPP", "ENOTSUP", "ENOBUFS", "ETIMEDOUT", "ECANCELED",
        "EALREADY", "EINPROGRESS", "EADDRINUSE", "ECONNRESET", "ECONNREFUSED", "ENOTCONN", "ENAMETOOLONG", "ENOTDIR", "EISDIR", "ELOOP", "ENOTEMPTY", "EPROTO", "EBADMSG", "EDQUOT", "ESTALE", "ETXTBSY",
    ];
}
