using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>What calls do to charges, and which charges and releases a call is.</summary>
internal sealed partial class BalanceFlow
{
    public override void BeforeCall(Frame<BalanceState> frame, CallSite call)
    {
        if (IsCompilerLock(call)) return;
        _answer = null;
        bool isRelease = false;
        foreach (ReleaseSpec release in ReleasesOf(call))
        {
            isRelease = true;
            if (!release.IsMove) Release(frame, call, release);
        }

        if (frame.Domain.IsEmpty) return;
        if (!isRelease) ReleaseByInterface(frame, call);
        DischargeCloned(frame, call);
        LoseSight(frame, call);
        HandOver(frame, call, isRelease);
    }

    /// <summary>What <c>with</c> makes of a record can release what the original holds, and often replaces it: two releases of it are another rule's (PIN1013).</summary>
    private void DischargeCloned(Frame<BalanceState> frame, CallSite call)
    {
        if (call.Method.Name != CloneOfRecord || call.Receiver == ValueTable.Unknown) return;
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (obligation.Pair.HasToken && IsOpen(obligation) && Same(frame, obligation.Identity, call.Receiver)) Discharge(frame, obligation);
        }
    }

    /// <summary>The method that the compiler gives every record class to copy itself.</summary>
    private const string CloneOfRecord = "<Clone>$";

    public override ThrowKind? MayThrow(Frame<BalanceState> frame, CallSite call) => _context.Throwing.Judge(call, isRelease: !frame.Domain.IsEmpty && !ReleasesOf(call).IsEmpty) is { } kind
        && !(kind == ThrowKind.Call && !frame.Domain.IsEmpty && OnlyTells(frame, call)) ? kind : null;

    public override bool MayThrow(IAwaitOperation operation) => Awaited(operation.Operation) is var awaited && !Throwing.IsPause(awaited) && !(awaited is IInvocationOperation { TargetMethod: var method } && Assertions.EndsTest(method));

    public override void OnCallThrows(Frame<BalanceState> frame, CallSite call)
    {
        // What the callee may give back may be given back when it throws, too.
        foreach ((IOperation operation, Obligation pending) in _pendingReleases)
        {
            if (ReferenceEquals(operation, call.Operation) && frame.Domain.Obligations.Contains(pending))
                frame.Domain = frame.Domain.Replace(pending, pending with { Status = ObligationStatus.Unknown });
        }

        if (!frame.Domain.IsEmpty) NoteGuardThrew(frame, call);
        if (frame.IsDead) return;

        // Denied by an exception: a release on the way out would be one too many.
        foreach (ChargeSpec spec in ChargesOf(call))
        {
            if (spec.ThrowsWhenDenied && !IsAsync(call.Method)) AddFailed(frame, call, spec);
        }
    }

    public override bool MayWriteMembers(CallSite call) => call.IsDelegate || (call.Method.MethodKind != MethodKind.PropertyGet && call.Method.IsWrittenIn(_context.Compilation));

    public override bool KeepsZero(CallSite call, int ordinal) => _context.ClearedReferences.IsOnlyCleared(call.Method, ordinal);

    public override bool MayBeWrittenElsewhere(ISymbol member)
    {
        if (!_writtenElsewhere.TryGetValue(member, out bool written)) _writtenElsewhere.Add(member, written = RecordedDecisions.IsWrittenOutside(member, _graph.OriginalOperation.Syntax, _context.Cancellation));
        return written;
    }

    private readonly Dictionary<ISymbol, bool> _writtenElsewhere = new(SymbolEqualityComparer.Default);

    public override bool NeverReturns(CallSite call) => _context.Throwing.NeverReturns(call.Method);

    public override (int Ordinal, bool Value)? StopsWhen(CallSite call) => _context.Throwing.StopsWhen(call.Method);

    /// <summary>Only a body in which something may be wrong is walked a second time.</summary>
    public override void NoteExit(Frame<BalanceState> frame, ExitKind kind)
    {
        NeedsReport |= frame.Domain.IsOwing;
        MayHandOut |= kind == ExitKind.Return && frame.Domain.MayBeCallers;
    }

    public override void AfterCall(Frame<BalanceState> frame, CallSite call, int result)
    {
        if (IsCompilerLock(call)) return;
        foreach (ReleaseSpec release in ReleasesOf(call))
        {
            if (release.IsMove) Release(frame, call, release);
        }

        if (!frame.Domain.IsEmpty)
        {
            NoteGuard(frame, call);
            NoteAsserted(frame, call);
            LoseSightByOut(frame, call);
            NoteLastError(frame, call, result);
            NoteAddress(frame, call, result);
        }

        NoteResult(call, result);
        NoteMade(call, result);
        NoteAnswer(call, result);
        NoteTested(call);
        JudgeInterlocked(frame, call);
        foreach (ChargeSpec spec in ChargesOf(call)) Charge(frame, call, spec, result);
        // Wait says that the task has ended, and not what it yields: that is read behind it.
        if (call.Method is { Name: "GetResult" } || call.Method is { Name: "Wait" } && call.ReceiverOperation?.Type is not INamedTypeSymbol { IsGenericType: true }) Activate(frame, call.Receiver, result);
        ApplySummary(frame, call, result);
    }

    private ImmutableArray<ChargeSpec> ChargesOf(CallSite call) => SpecsOf(call).Charges;

    private ImmutableArray<ReleaseSpec> ReleasesOf(CallSite call) => SpecsOf(call).Releases;

    private (ImmutableArray<ChargeSpec> Charges, ImmutableArray<ReleaseSpec> Releases) SpecsOf(CallSite call)
    {
        if (_specs.TryGetValue(call.Operation, out var specs) && SymbolEqualityComparer.Default.Equals(specs.Method, call.Method)) return (specs.Charges, specs.Releases);
        string name = NameOf(call);
        var charges = _context.Catalog.ChargeNames.Contains(name) || _context.Catalog.ChargeNames.Contains(call.Method.Name) ? _context.Catalog.ChargesOf(call.Method, ReceiverType(call)) : ImmutableArray<ChargeSpec>.Empty;
        var releases = _context.Catalog.ReleaseNames.Contains(name) || _context.Catalog.ReleaseNames.Contains(call.Method.Name) ? _context.Catalog.ReleasesOf(call.Method, ReceiverType(call)) : ImmutableArray<ReleaseSpec>.Empty;
        if (IsInsideOwnLock(call)) (charges, releases) = (ImmutableArray<ChargeSpec>.Empty, ImmutableArray<ReleaseSpec>.Empty);
        _specs[call.Operation] = (call.Method, charges, releases);
        return (charges, releases);
    }

    /// <summary><c>lock (gate) { while (…) { Monitor.Exit(gate); Wait(); Monitor.Enter(gate); } }</c>: what is left on the way and taken again, the end of the <c>lock</c> leaves.</summary>
    private static bool IsInsideOwnLock(CallSite call)
    {
        if (call.Method is not { Name: "Enter" or "Exit" or "TryEnter", ContainingType.SystemName: "Monitor" } || call.Operation.Syntax is not InvocationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments } inner) return false;
        ExpressionSyntax gate = arguments[0].Expression;
        LockStatementSyntax? around = inner.Ancestors().TakeWhile(static n => n is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax)).OfType<LockStatementSyntax>().FirstOrDefault(locked => locked.Expression.IsEquivalentTo(gate, topLevel: false));
        return around?.Statement.DescendantNodes().FirstOrDefault(IsOfGate) is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Exit" } };

        bool IsOfGate(SyntaxNode node) => node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Enter" or "TryEnter" or "Exit" } } other
            && other.ArgumentList.Arguments.Count > 0 && other.ArgumentList.Arguments[0].Expression.IsEquivalentTo(gate, topLevel: false);
    }

    /// <summary>The name a call is written by: for a P/Invoke with an entry point of another name, that entry point.</summary>
    private static string NameOf(CallSite call)
    {
        IMethodSymbol method = call.Method;
        if (method.MethodKind == MethodKind.Constructor) return method.ContainingType.Name;
        if (method.IsExtern && method.GetDllImportData()?.EntryPointName is { } entry) return entry;
        int dot = method.MethodKind == MethodKind.ExplicitInterfaceImplementation ? method.Name.LastIndexOf('.') : -1;
        return dot < 0 ? method.Name : method.Name.Substring(dot + 1);
    }

    private static ITypeSymbol? ReceiverType(CallSite call)
    {
        IOperation? receiver = call.ReceiverOperation;
        while (receiver is IConversionOperation { OperatorMethod: null } conversion) receiver = conversion.Operand;
        return receiver?.Type;
    }

    /// <summary>A <c>lock</c> statement balances by construction; following it would only cost states.</summary>
    private static bool IsCompilerLock(CallSite call) =>
        call.Operation.IsImplicit && call.Method.ContainingType is { SystemName: "Monitor" };

    private int ValueAt(ValueSource source, CallSite call, int result, Pair pair) => source.Place switch
    {
        ValuePlace.Receiver => call.Receiver,
        ValuePlace.Argument when source.Ordinal < call.Arguments.Count =>
            call.Outs[source.Ordinal] != ValueTable.Unknown && call.Method.Parameters[source.Ordinal].RefKind is RefKind.Out or RefKind.Ref
                ? call.Outs[source.Ordinal]
                : call.Arguments[source.Ordinal],
        ValuePlace.Result => result,
        _ => pair.HasToken ? ValueTable.Unknown : _values.Opaque(pair),
    };

    private bool Applies(ArgumentCondition? condition, CallSite call, bool whenUnknown)
    {
        if (condition is not { } required) return true;
        if (required.Ordinal >= call.Arguments.Count || !_values.TryGetConstant(call.Arguments[required.Ordinal], out long value)) return whenUnknown;
        return required.Holds(value);
    }

    private static bool HasInvalidPart(CallSite call)
    {
        if (call.Operation.Kind == OperationKind.Invalid) return true;
        foreach (IOperation? argument in call.ArgumentOperations)
        {
            if (argument is null or IInvalidOperation || argument.Type?.TypeKind == TypeKind.Error) return true;
        }

        return false;
    }
}
