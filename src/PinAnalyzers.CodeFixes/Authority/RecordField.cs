using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.CodeFixes.Authority;

/// <summary>What the field says.</summary>
internal enum RecordKind
{
    /// <summary>Whose account was charged; null when none was.</summary>
    Owner,

    /// <summary>Whose account was charged, and how much, as one value.</summary>
    OwnerAndAmount,

    /// <summary>Only that something was charged: there is but one account.</summary>
    Flag,

    /// <summary>The token that stands for the charge, in the field that has always held it.</summary>
    Token,
}

/// <summary>The field that remembers a charge from where it happens to where it is released, and the code that reads and writes it.</summary>
/// <param name="Name">The field as code of the type names it.</param>
/// <param name="Kind">What it says.</param>
/// <param name="Owner">The owner's type, as it is written there; empty for a flag.</param>
/// <param name="Amount">The amount's type; empty where it is not recorded.</param>
/// <param name="IsAtomic">Several threads may release at once, and only one of them gets it.</param>
internal sealed record RecordField(string Name, RecordKind Kind, string Owner, string Amount, bool IsAtomic)
{
    public bool IsStatic { get; init; }

    /// <summary>The type has had it before.</summary>
    public bool Exists { get; init; }

    public bool AllowsNullable { get; init; }

    /// <summary>Pattern combinators came with C# 9.</summary>
    public bool AllowsNot { get; init; }

    /// <summary><c>System.Threading.</c> where the file does not import it.</summary>
    public string Threading { get; init; } = string.Empty;

    /// <summary>The name of <c>System.Tuple</c> there: one object holds both, so that both are exchanged at once.</summary>
    public string Tuple { get; init; } = "System.Tuple";

    private string Type => Kind switch
    {
        RecordKind.Flag => IsAtomic ? "int" : "bool",
        RecordKind.OwnerAndAmount when !IsAtomic => $"({Owner} Owner, {Amount} Amount)?",
        RecordKind.OwnerAndAmount => $"{Tuple}<{Owner}, {Amount}>{Question}",
        _ => Owner + Question,
    };

    private string Question => AllowsNullable ? "?" : string.Empty;

    private string Taken => Kind == RecordKind.Flag ? $"{Threading}Interlocked.Exchange(ref {Name}, 0)" : $"{Threading}Interlocked.Exchange(ref {Name}, null)";

    public string Declaration => $"private {(IsStatic ? "static " : string.Empty)}{Type} {Name};";

    /// <summary>Gives the owner to one caller, or null, where the exchange itself can be called through.</summary>
    public string? Receiver => Kind is RecordKind.Owner or RecordKind.Token && IsAtomic ? Taken : null;

    /// <summary>True when there was a charge; from then on <paramref name="local"/> says whose, and the field is empty.</summary>
    public string IsCharged(string local) => Kind switch
    {
        RecordKind.Flag => IsAtomic ? Taken + " != 0" : Name,
        _ => $"{(IsAtomic ? Taken : Name)} is {Pattern} {local}",
    };

    public string IsNotCharged(string local) => Kind switch
    {
        RecordKind.Flag => IsAtomic ? Taken + " == 0" : "!" + Name,
        _ when AllowsNot => $"{(IsAtomic ? Taken : Name)} is not {Pattern} {local}",
        _ => $"!({IsCharged(local)})",
    };

    private string Pattern => Kind == RecordKind.OwnerAndAmount && IsAtomic ? (AllowsNot ? "{ }" : $"{Tuple}<{Owner}, {Amount}>") : AllowsNot ? "{ }" : Kind == RecordKind.OwnerAndAmount ? $"({Owner} Owner, {Amount} Amount)" : Owner;

    /// <summary>Where reading does not empty the field.</summary>
    public string? Clear => IsAtomic ? null : Kind == RecordKind.Flag ? $"{Name} = false;" : $"{Name} = null;";

    public string Set(string owner, string amount) => (Kind, IsAtomic) switch
    {
        (RecordKind.Flag, true) => $"{Threading}Volatile.Write(ref {Name}, 1);",
        (RecordKind.Flag, false) => $"{Name} = true;",
        (RecordKind.OwnerAndAmount, true) => $"{Threading}Volatile.Write(ref {Name}, new {Tuple}<{Owner}, {Amount}>({owner}, {amount}));",
        (RecordKind.OwnerAndAmount, false) => $"{Name} = ({owner}, {amount});",
        (_, true) => $"{Threading}Volatile.Write(ref {Name}, {owner});",
        _ => $"{Name} = {owner};",
    };

    public ExpressionSyntax? OwnerOf(string local) => Kind switch
    {
        RecordKind.Flag => null,
        RecordKind.OwnerAndAmount => SyntaxFactory.ParseExpression(local + (IsAtomic ? ".Item1" : ".Owner")),
        _ => SyntaxFactory.IdentifierName(local),
    };

    public ExpressionSyntax? AmountOf(string local) => Kind == RecordKind.OwnerAndAmount ? SyntaxFactory.ParseExpression(local + (IsAtomic ? ".Item2" : ".Amount")) : null;
}
