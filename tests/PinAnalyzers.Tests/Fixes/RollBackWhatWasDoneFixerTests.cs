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
    public Task BackwardRollback_StartsAtWhatFailed() => Verify.CodeFix(
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
                    {|#0:for (int j = targets.Length - 1; j >= 0; j--) handles[j].Free();|}
                    return false;
                }
                return true;
            }

            bool PinMore(object[] targets, GCHandle[] handles, Func<int, bool> use)
            {
                for (int i = 0; i < targets.Length; i++)
                {
                    handles[i] = GCHandle.Alloc(targets[i]);
                    if (use(i)) continue;
                    {|#1:for (int j = targets.Length; --j >= 0;) handles[j].Free();|}
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
                        {|#2:for (int j = gates.Length - 1; j > -1; j--) Monitor.Exit(gates[j]);|}
                        return false;
                    }
                }
                return true;
            }

            bool EnterMore(object[] gates)
            {
                for (int i = 0; i < gates.Length; i++)
                {
                    if (!Monitor.TryEnter(gates[i]))
                    {
                        int left = gates.Length;
                        {|#3:while (left-- > 0) Monitor.Exit(gates[left]);|}
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
                    for (int j = i; j >= 0; j--) handles[j].Free();
                    return false;
                }
                return true;
            }

            bool PinMore(object[] targets, GCHandle[] handles, Func<int, bool> use)
            {
                for (int i = 0; i < targets.Length; i++)
                {
                    handles[i] = GCHandle.Alloc(targets[i]);
                    if (use(i)) continue;
                    for (int j = i + 1; --j >= 0;) handles[j].Free();
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
                        for (int j = i - 1; j > -1; j--) Monitor.Exit(gates[j]);
                        return false;
                    }
                }
                return true;
            }

            bool EnterMore(object[] gates)
            {
                for (int i = 0; i < gates.Length; i++)
                {
                    if (!Monitor.TryEnter(gates[i]))
                    {
                        int left = i;
                        while (left-- > 0) Monitor.Exit(gates[left]);
                        return false;
                    }
                }
                return true;
            }
        }
        """,
        null, null, Info(0), Info(1), Info(2), Info(3));

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
