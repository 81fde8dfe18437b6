using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace PinAccounting.Tests.Model;

/// <summary>Any sequence of steps leaves the real accounts where a simple sequential model has them.</summary>
public sealed class AccountModelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void AnySequence_ComesToWhatTheModelSays(int shards)
    {
        Prop.ForAll(Step.Sequences(), steps =>
        {
            var world = new World(shards);
            foreach (Step step in steps)
            {
                world.Do(step);
                world.Check();
            }

            world.Finish();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(120));
    }
}
