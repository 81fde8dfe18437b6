namespace PinAnalyzers.Flow.Lattices;

/// <summary>
/// The algebra every abstract domain here obeys: <see cref="Join"/> is commutative, associative and idempotent, and an upper bound;
/// <see cref="Widen"/> is an upper bound whose chains are finite.
/// </summary>
public interface ILattice<T>
{
    T Top { get; }

    bool LessOrEqual(T left, T right);

    T Join(T left, T right);

    /// <summary>Least restrictive meet; false when the two contradict each other.</summary>
    bool TryMeet(T left, T right, out T meet);

    T Widen(T previous, T next);
}
