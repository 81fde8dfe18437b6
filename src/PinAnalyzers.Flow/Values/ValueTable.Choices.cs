namespace PinAnalyzers.Flow.Values;

/// <summary>Values that a condition chooses between, as <c>c ? a : b</c>, <c>a ?? b</c> and <c>a?.b</c> do: asked for twice, they are one value.</summary>
public sealed partial class ValueTable
{
    /// <summary>True once a choice was made; before that nobody needs to look for what follows from one.</summary>
    public bool HasChoices { get; private set; }

    /// <summary><paramref name="whenTrue"/> where <paramref name="condition"/> holds, else <paramref name="whenFalse"/>.</summary>
    public int Choice(int condition, int whenTrue, int whenFalse)
    {
        if (condition == Unknown || whenTrue == Unknown || whenFalse == Unknown) return Unknown;
        if (_nodes[condition] is { Kind: ValueKind.Not, A: var negated }) (condition, whenTrue, whenFalse) = (negated, whenFalse, whenTrue);
        if (TryGetConstant(condition, out long constant)) return constant != 0 ? whenTrue : whenFalse;

        // Met again in a loop, it would otherwise nest deeper with every round.
        if (IsChoiceBy(whenTrue, condition)) whenTrue = _nodes[whenTrue].A;
        if (IsChoiceBy(whenFalse, condition)) whenFalse = _nodes[whenFalse].B;
        if (whenTrue == whenFalse) return whenTrue;
        HasChoices = true;
        return Intern(new ValueNode(ValueKind.Choice, whenTrue, whenFalse, condition, null));
    }

    public bool IsChoice(int value) => _nodes[value].Kind == ValueKind.Choice;

    /// <summary>What is null has no members: of <c>a?.b</c> that is looked into, a was there.</summary>
    public int Present(int value) => _nodes[value] is { Kind: ValueKind.Choice } choice && (choice.A == Zero || choice.B == Zero) ? choice.A == Zero ? choice.B : choice.A : value;

    /// <summary>
    /// A value that the body writes out, null or something just made among them, or one of few such: a variable that is set to one or another is a record of the
    /// condition that chose. What is chosen from choices is none, or it would grow with every round of a loop.
    /// </summary>
    public bool IsLiteral(int value) => IsPlainLiteral(value) || _nodes[value] is { Kind: ValueKind.Choice, A: var one, B: var other } && IsPlainLiteral(one) && IsPlainLiteral(other);

    private bool IsPlainLiteral(int value) => _nodes[value].Kind switch
    {
        ValueKind.Constant => true,
        ValueKind.Some => IsPlainLiteral(_nodes[value].A),
        ValueKind.Site => IsNeverNull(value),
        _ => false,
    };

    private bool IsChoiceBy(int value, int condition) => _nodes[value] is { Kind: ValueKind.Choice, Age: var decides } && decides == condition;
}
