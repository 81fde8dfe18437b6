using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.Balance.RollBackWhatWasDoneFixer>;

namespace PinAnalyzers.Tests.Fixes;

public sealed class RollBackWhatWasDoneFixerTests
{
    [Fact]
    public Task Rollback_StopsAtWhatFailed() => Verify.CodeFix(
        """
        using System;
        using System.Runtime.InteropServices;
        using System.Threading;

        class C
        {
            // The item in hand has been charged.
            bool PinAll(object[] targets, GCHandle[] handles, Func<int, bool> use)
            {
                for (int i = 0; i < targets.Length; i++)
                {
                    handles[i] = GCHandle.Alloc(targets[i]);
                    if (use(i)) continue;
                    {|#0:for (int j = 0; j < targets.Length; j++) handles[j].Free();|}
                    return false;
                }
                return true;
            }

            // The item in hand is the one that was refused.
            bool EnterAll(object[] gates)
            {
                for (int i = 0; i < gates.Length; i++)
                {
                    if (!Monitor.TryEnter(gates[i]))
                    {
                        {|#1:for (int j = 0; j < gates.Length; j++) Monitor.Exit(gates[j]);|}
                        return false;
                    }
                }
                return true;
            }
        }
        """,
        """
        using System;
        using System.Runtime.InteropServices;
        using System.Threading;

        class C
        {
            // The item in hand has been charged.
            bool PinAll(object[] targets, GCHandle[] handles, Func<int, bool> use)
            {
                for (int i = 0; i < targets.Length; i++)
                {
                    handles[i] = GCHandle.Alloc(targets[i]);
                    if (use(i)) continue;
                    for (int j = 0; j <= i; j++) handles[j].Free();
                    return false;
                }
                return true;
            }

            // The item in hand is the one that was refused.
            bool EnterAll(object[] gates)
            {
                for (int i = 0; i < gates.Length; i++)
                {
                    if (!Monitor.TryEnter(gates[i]))
                    {
                        for (int j = 0; j < i; j++) Monitor.Exit(gates[j]);
                        return false;
                    }
                }
                return true;
            }
        }
        """,
        null, null, Info(0), Info(1));

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
        }
        """,
        null, Info(0));

    private static DiagnosticResult Info(int location) => new DiagnosticResult("PIN1019", DiagnosticSeverity.Info).WithLocation(location).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations);
}
