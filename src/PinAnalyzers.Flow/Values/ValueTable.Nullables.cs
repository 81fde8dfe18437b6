namespace PinAnalyzers.Flow.Values;

/// <summary>
/// Nullables. Null is 0, and a nullable that the body was given stands for what it holds as well; one that is made of a number or a truth, which may be 0
/// itself, is told apart from null by being wrapped.
/// </summary>
public sealed partial class ValueTable
{
    /// <summary>True once a number was wrapped.</summary>
    public bool HasNullables { get; private set; }

    /// <summary>The nullable that holds <paramref name="value"/>.</summary>
    public int Some(int value)
    {
        // What certainly is not zero cannot be taken for null.
        if (value == Unknown || IsSome(value) || (TryGetConstant(value, out long constant) && constant != 0)) return value;
        HasNullables = true;
        return Intern(new ValueNode(ValueKind.Some, value, 0, 0, null));
    }

    /// <summary>The number that a nullable holds; zero for null.</summary>
    public int Held(int value) => _nodes[value] switch
    {
        { Kind: ValueKind.Some, A: var held } => held,
        { Kind: ValueKind.Choice } choice when HasNullables => Choice(choice.Age, Held(choice.A), Held(choice.B)),
        _ => value,
    };

    /// <summary>Whether a nullable holds true: null does not.</summary>
    public int HoldsTrue(int value) => _nodes[value] switch
    {
        { Kind: ValueKind.Some, A: var held } => held,
        { Kind: ValueKind.Choice } choice => Choice(choice.Age, HoldsTrue(choice.A), HoldsTrue(choice.B)),
        _ when value == Zero || value == One => value,
        _ => Binary(BinaryValue.Equal, value, One),
    };

    public bool IsSome(int value) => _nodes[value].Kind == ValueKind.Some;

    /// <summary>The operands of a comparison as numbers; unknown on the left where it is false, since one is null and the other is not.</summary>
    private (int Left, int Right) Unwrap(BinaryValue kind, int left, int right)
    {
        bool leftIsSome = IsSome(left), rightIsSome = IsSome(right);
        if (!leftIsSome && !rightIsSome) return (left, right);
        if (kind != BinaryValue.Equal || (leftIsSome && rightIsSome)) return (Inner(left), Inner(right));
        int other = leftIsSome ? right : left;
        if (other == Zero) return (Unknown, Unknown);
        return TryGetConstant(other, out _) ? (Inner(left), Inner(right)) : (left, right);

        int Inner(int value) => IsSome(value) ? _nodes[value].A : value;
    }
}
