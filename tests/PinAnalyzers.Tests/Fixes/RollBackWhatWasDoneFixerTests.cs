using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.Balance.RollBackWhatWasDoneFixer>;

namespace PinAnalyzers.Tests.Fixes;

public sealed class RollBackWhatWasDoneFixerTests
{
    [Theory]
    [InlineData(
        "{|#0:for (int j = 0; j < targets.Length; j++) handles[j].Free();|}", "for (int j = 0; j <= i; j++) handles[j].Free();",
        "{|#1:for (int j = 0; j < gates.Length; j++) Monitor.Exit(gates[j]);|}", "for (int j = 0; j < i; j++) Monitor.Exit(gates[j]);")]
    [InlineData(
        "{|#0:for (int j = targets.Length - 1; j >= 0; j--) handles[j].Free();|}", "for (int j = i; j >= 0; j--) handles[j].Free();",
        "{|#1:for (int j = gates.Length - 1; j > -1; j--) Monitor.Exit(gates[j]);|}", "for (int j = i - 1; j > -1; j--) Monitor.Exit(gates[j]);")]
    [InlineData(
        "{|#0:for (int j = targets.Length; --j >= 0;) handles[j].Free();|}", "for (int j = i + 1; --j >= 0;) handles[j].Free();",
        "int left = gates.Length; {|#1:while (left-- > 0) Monitor.Exit(gates[left]);|}", "int left = i; while (left-- > 0) Monitor.Exit(gates[left]);")]
    public Task Rollback_EndsAtWhatFailed(string pins, string fixedPins, string gates, string fixedGates) =>
        Verify.CodeFix(Batches(pins, gates), Batches(fixedPins, fixedGates), null, null, Info(0), Info(1));

    /// <summary>Of the pins the one in hand has been charged; of the gates it is the one that was refused.</summary>
    private static string Batches(string rollbackOfPins, string rollbackOfGates) => $$"""
        using System;
        using System.Runtime.InteropServices;
        using System.Threading;

        class C
        {
            bool PinAll(object[] targets, GCHandle[] handles, Func<int, bool> use)
            {
                for (int i = 0; i < targets.Length; i++)
                {
                    handles[i] = GCHandle.Alloc(targets[i]);
                    if (use(i)) continue;
                    {{rollbackOfPins}}
                    return false;
                }
                return true;
            }

            bool EnterAll(object[] gates)
            {
                for (int i = 0; i < gates.Length; i++)
                {
                    if (!Monitor.TryEnter(gates[i]))
                    {
                        {{rollbackOfGates}}
                        return false;
                    }
                }
                return true;
            }
        }
        """;

    [Fact]
    public Task RollbackElsewhere_IsLeftAlone() => Verify.NoFix(
        """
        using System;
        using System.Runtime.InteropServices;

        class C
        {
            void InCatch(object[] targets, GCHandle[] handles)
            {
                try
                {
                    for (int i = 0; i < targets.Length; i++) handles[i] = GCHandle.Alloc(targets[i]);
                }
                catch
                {
                    {|#0:for (int i = 0; i < targets.Length; i++) handles[i].Free();|}
                    throw;
                }
            }

            bool BehindALabel(object[] targets, GCHandle[] handles, Func<int, bool> use)
            {
                for (int i = 0; i < targets.Length; i++)
                {
                    handles[i] = GCHandle.Alloc(targets[i]);
                    if (!use(i)) goto undo;
                }
                return true;
            undo:
                {|#1:for (int i = targets.Length - 1; i >= 0; i--) handles[i].Free();|}
                return false;
            }
        }
        """,
        null, Info(0), Info(1));

    private static DiagnosticResult Info(int location) => new DiagnosticResult("PIN1019", DiagnosticSeverity.Info).WithLocation(location).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations);
}
