using Microsoft.CodeAnalysis;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;

namespace PinAnalyzers.Balance;

/// <summary>A token that goes where it goes on one of two ways only: <c>_field = ok ? handle : default</c>.</summary>
internal sealed partial class BalanceFlow
{
    /// <summary>The charge is open until the condition is asked that chose between the token and something else; false where the value is no such choice.</summary>
    private bool IsChosen(Frame<BalanceState> frame, Obligation obligation, int value, ObligationStatus whereChosen, IOperation? releasedAt = null)
    {
        if (obligation.Status != ObligationStatus.Held || !obligation.Pair.HasToken || _values[value] is not { Kind: ValueKind.Choice } choice || frame.Truth(choice.Age) is not null) return false;
        bool whenTrue = Same(frame, obligation.Identity, choice.A);
        if (!whenTrue && !Same(frame, obligation.Identity, choice.B)) return false;
        frame.Domain = frame.Domain.Replace(obligation, obligation with
        {
            Status = ObligationStatus.Conditional,
            Signal = choice.Age,
            SignalKind = Pairs.SuccessSignal.True,
            Asked = ValueTable.Unknown,
            WhenTrue = whenTrue ? whereChosen : ObligationStatus.Held,
            WhenFalse = whenTrue ? ObligationStatus.Held : whereChosen,
            ReleasedAt = releasedAt,
        });
        return true;
    }

    /// <summary>The value may be the token, or something else.</summary>
    private bool IsChosenFrom(Frame<BalanceState> frame, int token, int value) =>
        _values[value] is { Kind: ValueKind.Choice } choice && frame.Truth(choice.Age) is null && (Same(frame, token, choice.A) || Same(frame, token, choice.B));

    /// <summary>The token is given back where it was chosen.</summary>
    private bool IsReleasedWhereChosen(Frame<BalanceState> frame, CallSite call, Pairs.Pair pair, int identity)
    {
        if (!pair.HasToken || identity == ValueTable.Unknown || !_values.IsChoice(identity)) return false;
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (!ReferenceEquals(obligation.Pair, pair) || !IsChosen(frame, obligation, identity, ObligationStatus.Released, call.Operation)) continue;
            if (!_releases.ContainsKey(obligation.Site)) _releases.Add(obligation.Site, []);
            _releases[obligation.Site].Add(call.Operation);
            frame.Mark(call.Operation);
            return true;
        }

        return false;
    }
}
