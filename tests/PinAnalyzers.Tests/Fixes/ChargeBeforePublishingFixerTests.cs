using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.Balance.ChargeBeforePublishingFixer>;

namespace PinAnalyzers.Tests.Fixes;

public sealed class ChargeBeforePublishingFixerTests
{
    [Fact]
    public Task Charge_MovesBeforeThePublication() => Verify.CodeFix(
        """
        using System;
        using System.Collections.Generic;

        class Handle { public long Size; }

        class C
        {
            private readonly Dictionary<int, Handle> _table = new();
            private readonly object _gate = new();

            Handle Open(int id)
            {
                var h = new Handle();
                lock (_gate) {|#0:_table[id] = h|};
                GC.AddMemoryPressure(h.Size = 4);
                return h;
            }

            void Add(int id)
            {
                var h = new Handle { Size = 4 };

                {|#1:_table.Add(id, h)|};
                GC.AddMemoryPressure(h.Size);
            }
        }
        """,
        """
        using System;
        using System.Collections.Generic;

        class Handle { public long Size; }

        class C
        {
            private readonly Dictionary<int, Handle> _table = new();
            private readonly object _gate = new();

            Handle Open(int id)
            {
                var h = new Handle();
                GC.AddMemoryPressure(h.Size = 4);
                lock (_gate) _table[id] = h;
                return h;
            }

            void Add(int id)
            {
                var h = new Handle { Size = 4 };

                GC.AddMemoryPressure(h.Size);
                _table.Add(id, h);
            }
        }
        """,
        null, null, Info(0), Info(1));

    [Fact]
    public Task SomethingBetween_IsLeftAlone() => Verify.NoFix(
        """
        using System;
        using System.Collections.Generic;

        class Handle { public long Size; }

        class C
        {
            private readonly Dictionary<int, Handle> _table = new();

            void Between(int id)
            {
                var h = new Handle();
                {|#0:_table[id] = h|};
                h.Size = _table.Count;
                GC.AddMemoryPressure(h.Size);
            }

            bool Tried(int id)
            {
                var h = new Handle { Size = 4 };
                if (!{|#1:_table.TryAdd(id, h)|}) return false;
                GC.AddMemoryPressure(h.Size);
                return true;
            }
        }
        """,
        null, Info(0), Info(1));

    [Fact]
    public Task AmountThatThePublicationChanges_IsLeftAlone() => Verify.NoFix(
        """
        using System;
        using System.Collections.Generic;

        class Handle { public long Size; }

        class C
        {
            private static Handle? s_last;
            private readonly List<Handle> _all = new();

            void Listed()
            {
                var h = new Handle { Size = 4 };
                {|#0:_all.Add(h)|};
                GC.AddMemoryPressure(h.Size * this._all.Count);
            }

            void Named()
            {
                var h = new Handle { Size = 4 };
                {|#1:s_last = h|};
                GC.AddMemoryPressure(s_last.Size + h.Size);
            }
        }
        """,
        null, Info(0), Info(1));

    private static DiagnosticResult Info(int location) => new DiagnosticResult("PIN1018", DiagnosticSeverity.Info).WithLocation(location).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations);
}
