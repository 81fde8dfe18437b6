using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.SharedMemory;

/// <summary>Which members of one declaration call which, by name.</summary>
internal static class MemberCalls
{
    private const int MaxSteps = 4;

    /// <summary>Some member calls, perhaps through others, both this one and one of the targets: they are steps of one operation.</summary>
    public static bool AreOfOneCall(MemberDeclarationSyntax member, IEnumerable<MemberDeclarationSyntax> targets)
    {
        HashSet<MemberDeclarationSyntax> callers = CallersOf(member);
        return targets.All(target => CallersOf(target).Overlaps(callers));
    }

    /// <summary>The member itself, and whoever in the same declaration comes to it.</summary>
    private static HashSet<MemberDeclarationSyntax> CallersOf(MemberDeclarationSyntax member)
    {
        HashSet<MemberDeclarationSyntax> callers = [member];
        List<MemberDeclarationSyntax> fresh = [member];
        for (int step = 0; step < MaxSteps && fresh.Count > 0; step++)
        {
            fresh = fresh.SelectMany(static callee => NameOf(callee) is { } name && callee.Parent is { } around ? TypeBodies.MembersMentioning(around, name) : [])
                .Where(caller => caller is not ConstructorDeclarationSyntax && callers.Add(caller)).ToList();
        }

        return callers;
    }

    private static string? NameOf(MemberDeclarationSyntax member) => member switch
    {
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        _ => null,
    };
}
