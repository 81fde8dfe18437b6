namespace PinAnalyzers.Flow.Values;

/// <summary>Nullables of numbers and truths. Null is 0, and what they hold may be 0 as well: what holds, and what is held, are values of their own.</summary>
public sealed partial class ValueTable
{
    /// <summary>The nullable that holds <paramref name="value"/>.</summary>
    public int Some(int value)
    {
        // What certainly is not zero cannot be taken for null.
        if (value == Unknown || (TryGetConstant(value, out long constant) && constant != 0)) return value;
        return _nodes[value] is { Kind: ValueKind.Some } ? value : Intern(new ValueNode(ValueKind.Some, value, 0, 0, null));
    }

    /// <summary>The number that a nullable holds; zero for null.</summary>
    public int Held(int value) => _nodes[value] switch
    {
        _ when value == Unknown => Unknown,
        { Kind: ValueKind.Some, A: var held } => held,
        { Kind: ValueKind.Constant } => value,
        { Kind: ValueKind.Choice } choice => Choice(choice.Age, Held(choice.A), Held(choice.B)),
        _ => Intern(new ValueNode(ValueKind.Held, value, 0, 0, null)),
    };

    /// <summary>Whether a nullable is null.</summary>
    public int IsNull(int value) => _nodes[value] is { Kind: ValueKind.Some } ? Zero : Binary(BinaryValue.Equal, value, Zero);

    /// <summary>The value is told to be a number and not null, because it was written as one.</summary>
    public bool IsNumber(int value) => _nodes[value] is { Kind: ValueKind.Some } || (TryGetConstant(value, out long constant) && constant != 0);
}
