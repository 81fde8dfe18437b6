using System;
using System.Collections.Generic;
using FsCheck;
using FsCheck.Fluent;

namespace PinAccounting.Tests.Model;

/// <summary>What may be done to a world of accounts and charges.</summary>
internal enum Verb
{
    Charge,
    ChargeRaw,
    UnchargeRaw,
    OverRelease,
    Release,
    Settle,
    Grow,
    Split,
    Detach,
    Transfer,
    MarkInheritable,
    SetLimit,
    SetPolicy,
    Fork,
    Exec,
    Retire,
}

/// <summary>One step: indexes are taken modulo what there is, so that every sequence (and every shrunk one) means something.</summary>
internal sealed record Step(Verb Verb, int Account, int Charge, int Amount)
{
    private static readonly Gen<Verb> s_verbs = Gen.Frequency(
        (6, Gen.Constant(Verb.Charge)), (2, Gen.Constant(Verb.ChargeRaw)), (2, Gen.Constant(Verb.UnchargeRaw)), (1, Gen.Constant(Verb.OverRelease)),
        (4, Gen.Constant(Verb.Release)), (2, Gen.Constant(Verb.Settle)), (2, Gen.Constant(Verb.Grow)), (2, Gen.Constant(Verb.Split)), (1, Gen.Constant(Verb.Detach)),
        (3, Gen.Constant(Verb.Transfer)), (2, Gen.Constant(Verb.MarkInheritable)), (1, Gen.Constant(Verb.SetLimit)), (2, Gen.Constant(Verb.SetPolicy)),
        (2, Gen.Constant(Verb.Fork)), (1, Gen.Constant(Verb.Exec)), (1, Gen.Constant(Verb.Retire)));

    internal static Arbitrary<Step[]> Sequences() => Arb.From(Sequence(), Shrink);

    private static Gen<Step[]> Sequence() =>
        (from verb in s_verbs
         from account in Gen.Choose(0, 99)
         from charge in Gen.Choose(0, 99)
         from amount in Gen.Choose(-1, 40)
         select new Step(verb, account, charge, amount)).ArrayOf();

    /// <summary>Fewer steps: halves first, then one by one.</summary>
    private static IEnumerable<Step[]> Shrink(Step[] steps)
    {
        for (int size = steps.Length / 2; size > 0; size /= 2)
            for (int start = 0; start + size <= steps.Length; start += size)
                yield return [.. steps[..start], .. steps[(start + size)..]];
    }
}
