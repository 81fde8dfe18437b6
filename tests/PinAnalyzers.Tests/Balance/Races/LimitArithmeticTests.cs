using System.Collections.Generic;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using PinAnalyzers.Tests.Balance.Types;
using PinAnalyzers.Tests.Verification;
using Xunit;

namespace PinAnalyzers.Tests.Balance.Races;

/// <summary>PIN1012: sums and differences that wrap.</summary>
public sealed class LimitArithmeticTests
{
    private static TestSetup Setup => TypeVerifier.Setup.Option("dotnet_diagnostic.PIN3016.severity", "none").Option("dotnet_diagnostic.PIN1011.severity", "none").Option("dotnet_diagnostic.PIN1016.severity", "none");

    [Theory]
    [InlineData("if ({|#0:_used + n > _limit|}) return false; _used += n; return true;")]
    [InlineData("if ({|#0:_used + n <= _limit|}) { _used += n; return true; } return false;")]
    [InlineData("if ({|#0:n + _used >= _limit|}) return false; _used += n; return true;")]
    [InlineData("if ({|#0:_limit < _used + n|}) return false; _used += n; return true;")]
    [InlineData("if (({|#0:(_used + n) > _limit|}) || n == 0) return false; _used = _used + n; return true;")]
    [InlineData("if ({|#0:Volatile.Read(ref _used) + n > _limit|}) return false; Interlocked.Add(ref _used, n); return true;")]
    [InlineData("long cur = Volatile.Read(ref _used); while ({|#0:cur + n <= _limit|}) { long seen = Interlocked.CompareExchange(ref _used, cur + n, cur); if (seen == cur) return true; cur = seen; } return false;")]
    [InlineData("if ({|#0:Used + n > _limit|}) return false; _used += n; return true;")]
    [InlineData("lock (_gate) { if ({|#0:_used + n > Max|}) return false; _used += n; return true; }")]
    [InlineData("if ({|#0:_small + (int)n > _limit|}) return false; _small += (int)n; return true;")]
    [InlineData("long next = _used + n; if ({|#0:next > _limit|}) return false; _used = next; return true;")]
    [InlineData("if ({|#0:_used + _small + n > _limit|}) return false; _used += n; return true;")]
    [InlineData("long seen, next; do { seen = Volatile.Read(ref _used); next = seen + n; if ({|#0:next > _limit|}) return false; } while (Interlocked.CompareExchange(ref _used, next, seen) != seen); return true;")]
    [InlineData("if (long.MaxValue - _used < 5) return false; if ({|#0:_used + n > _limit|}) return false; _used += n; return true;")]
    [InlineData("if (long.MaxValue - n < _used) n = 3; if ({|#0:_used + n > _limit|}) return false; _used += n; return true;")]
    [InlineData("if (_limit - n < _small) return false; if ({|#0:_used + n > _limit|}) return false; _used += n; return true;")]
    [InlineData("int most = 5, m = (int)n; if ({|#0:_small + m > most|}) return false; _small += m; return true;")]
    [InlineData("if ({|#0:_used + n > _limit|}) _limit = n; else return false; _used += n; return true;")]
    public Task SumThatOverflows_IsASuggestion(string body) => File(Around($"bool TryCharge(long n) {{ {body} }}"));

    // What is counted in 64 bits has room for every number of 32.
    [Theory]
    [InlineData("if (_used + (int)n > _limit) return false; _used += (int)n; return true;")]
    [InlineData("int m = (int)n; if (_used + m > _limit) return false; _used += m; return true;")]
    [InlineData("if (_used + (long)(uint)n > _limit) return false; _used += (uint)n; return true;")]
    [InlineData("byte[] data = new byte[8]; if (data.Length + _used + 16 <= _limit) { _used += data.Length; return true; } return false;")]
    public Task SmallNumberToAWideCounter_IsSilent(string body) => File(Around($"bool TryCharge(long n) {{ {body} }}"));

    [Theory]
    [InlineData("int m = (int)n; if ({|#0:_used + ((long)m << 12) > _limit|}) return false; _used += (long)m << 12; return true;")]
    [InlineData("int m = (int)n; if ({|#0:_used + m + n > _limit|}) return false; _used += n; return true;")]
    [InlineData("int m = (int)n; if ({|#0:_small + m > _limit|}) return false; _small += m; return true;")]
    public Task LargeNumberOrNarrowCounter_IsASuggestion(string body) => File(Around($"bool TryCharge(long n) {{ {body} }}"));

    [Theory]
    [InlineData("if ({|#0:_used + _reserved + n > _limit|}) return false; _used += n; return true;")]
    [InlineData("long next = _used + n; if ({|#0:next > _limit|}) return false; _used += n; return true;")]
    public Task SumUnderALock_StillOverflows(string body) => File($$"""
        class C
        {
            readonly object _gate = new();
            private long _used, _reserved, _limit = 100;
            bool TryCharge(long n) { lock (_gate) { {{body}} } }
        }
        """);

    [Theory]
    [InlineData("void Uncharge(ulong n) => {|#0:_locked -= n|};")]
    [InlineData("void Uncharge(ulong n) { {|#0:_locked = _locked - n|}; }")]
    [InlineData("void ReleaseOne() { {|#0:_locked--|}; }")]
    [InlineData("public void Dispose() => {|#0:--_locked|};")]
    [InlineData("void Give(uint n) { {|#0:_counted -= n|}; }")]
    [InlineData("readonly HashSet<int> _all = new(); void Give(int key) { if (_all.Contains(key)) {|#0:_counted -= 1|}; }")]
    [InlineData("readonly HashSet<int> _all = new(); void Give(int key) { if (!_all.Remove(key)) {|#0:_counted -= 1|}; }")]
    [InlineData("void ReleaseOne() { {|#0:Interlocked.Decrement(ref _locked)|}; }")]
    public Task UnsignedBelowZero_IsASuggestion(string member) => File(Around(member));

    [Theory]
    [InlineData("bool TryCharge(long n) { if (n > _limit - _used) return false; _used += n; return true; }")]
    [InlineData("bool TryCharge(long n) { if (n < 0 || _used + n < 0 || _used + n > _limit) return false; _used += n; return true; }")]
    [InlineData("bool TryCharge(ulong n) { if (_locked + n < _locked || _locked + n > 100) return false; _locked += n; return true; }")]
    [InlineData("bool TryCharge(long n) { long next = _used + n; if (next < _used || next > _limit) return false; _used = next; return true; }")]
    [InlineData("bool Slide(int n, int length) { int next = _small + n; if ((uint)next > (uint)length) return false; _small = next; return true; }")]
    [InlineData("bool Slide(int n, int length) { if ((uint)(_small + n) <= (uint)length) { _small += n; return true; } return false; }")]
    [InlineData("bool TryCharge(long n) { long next = checked(_used + n); if (next > _limit) return false; _used = next; return true; }")]
    [InlineData("bool TryCharge(long n) { if (n < 0 || n > Max) return false; if (_used + n > _limit) return false; _used += n; return true; }")]
    [InlineData("bool TryCharge(long n) { ArgumentOutOfRangeException.ThrowIfGreaterThan(n, Max); if (_used + n > _limit) return false; _used += n; return true; }")]
    [InlineData("bool TryCharge(long n) { if (checked(_used + n) > _limit) return false; _used += n; return true; }")]
    [InlineData("bool TryCharge(int n) { if ((long)_small + n > _limit) return false; _small += n; return true; }")]
    [InlineData("bool TryCharge(short n) { if (_tiny + n > _limit) return false; _tiny += n; return true; }")]
    [InlineData("bool TryTake() { if (_used + 1 > _limit) return false; _used++; return true; }")]
    [InlineData("void Write(byte[] data) { if (_small + data.Length > _buffer.Length) return; _small += data.Length; }")]
    [InlineData("bool Fits(long n) => _used + n <= _limit; void Add(long n) => _used += n;")]
    [InlineData("bool Other(long n) { if (_limit + n > 5) return false; _used += n; return true; }")]
    [InlineData("bool TryCharge(double n) { if (_share + n > 5) return false; _share += n; return true; }")]
    [InlineData("void Uncharge(ulong n) { if (n > _locked) { _locked = 0; return; } _locked -= n; }")]
    [InlineData("void Uncharge(ulong n) { Debug.Assert(n <= _locked); _locked -= n; }")]
    [InlineData("void Uncharge(ulong n) => _locked -= Math.Min(n, _locked);")]
    [InlineData("void Uncharge(ulong n) { checked { _locked -= n; } }")]
    [InlineData("void Uncharge(ulong n) { unchecked { _locked -= n; } }")]
    [InlineData("void Uncharge(long n) => _used -= n;")]
    [InlineData("int _writePosition; void Write(int n) { if (_writePosition + n > Max) _writePosition = 0; _writePosition += n; }")]
    [InlineData("void Advance(ulong n) => _locked -= n;")]
    [InlineData("readonly HashSet<int> _all = new(); void Give(int key) { if (_all.Remove(key)) _counted -= 1; }")]
    [InlineData("readonly HashSet<int> _all = new(); void Give(int key) { if (!_all.Remove(key)) return; _counted--; }")]
    [InlineData("readonly Dictionary<int, uint> _all = new(); void Give(int key) { if (_all.Remove(key, out uint n)) _counted -= n; }")]
    [InlineData("long _read; bool Take(long n) { if (_used + n > _read) return false; _used += n; return true; } void Fill(long more) => _read += more;")]
    [InlineData("long _read; bool Take(long n) { if (_used + n > _read) { _read = Fetch(); return false; } _used += n; return true; } static long Fetch() => 3;")]
    [InlineData("uint _readers; void Acquire() { _readers++; } void ReleaseOne() { _readers--; }")]
    [InlineData("uint _readers; void Acquire() => Interlocked.Increment(ref _readers); void ReleaseOne() { Interlocked.Decrement(ref _readers); }")]
    [InlineData("byte _first; bool Remove(int n) { if (n >= _first + _small) return false; _first = (byte)(_first + 1); return true; }")]
    [InlineData("int _first; bool Remove(byte c) { if (c >= _first + _small) return false; _first = _first + 1; return true; }")]
    [InlineData("void Note(long n) { if (_used + n > _limit) _gate.ToString(); _used += n; }")]
    [InlineData("bool ReleaseOne() => Interlocked.Decrement(ref _locked) != ulong.MaxValue;")]
    [InlineData("readonly int _size = 3; bool TryRead(int n) { int next = _small + n; if ((uint)next <= (uint)_size) { _small = next; return true; } return false; }")]
    [InlineData("readonly int _size = 3; bool TryRead(int n) { if ((uint)(_small + n) > (uint)_size) return false; _small += n; return true; }")]
    // Refused before, in the form that does not wrap.
    [InlineData("bool TryCharge(long n) { if (long.MaxValue - n < _used) throw new InvalidOperationException(); if (_used + n > _limit) return false; _used += n; return true; }")]
    [InlineData("bool TryCharge(int n) { if ((int.MaxValue - n) < _small) return false; int next = _small + n; if (next > Max) return false; _small = next; return true; }")]
    [InlineData("bool TryCharge(int n) { if (_small > int.MaxValue - n) return false; if (_small + n > Max) return false; _small += n; return true; }")]
    [InlineData("bool TryCharge(int n) { if (n == 0 || int.MaxValue - _small <= n) return false; if (_small + n > Max) return false; _small += n; return true; }")]
    // The greatest of several.
    [InlineData("int Highest(int[] all) { int top = 0; foreach (int n in all) { if (_small + n > top) top = _small + n; _small += n; } return top; }")]
    [InlineData("int Highest(int[] all) { int top = 0; foreach (int n in all) { if (n > 0 && top < _small + n) { top = _small + n; } _small += n; } return top; }")]
    public Task CannotWrap_IsSilent(string member) => File(Around(member));

    private static Task File(string source)
    {
        List<DiagnosticResult> expected = [];
        foreach (Match match in Regex.Matches(source, @"\{\|#(\d+):"))
            expected.Add(new DiagnosticResult("PIN1012", DiagnosticSeverity.Info).WithLocation(int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations));
        return TypeVerifier.File(source, Setup, [.. expected]);
    }

    private static string Around(string member) => $$"""
        class C
        {
            const long Max = 4096;
            readonly object _gate = new();
            private long _used, _limit = 100;
            private int _small;
            private short _tiny;
            private ulong _locked;
            private double _share;
            [Counter] private uint _counted;
            private readonly byte[] _buffer = new byte[4];
            long Used => Volatile.Read(ref _used);
            {{member}}
        }
        """;
}
