using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Contract;

/// <summary>PIN4003 and PIN4004: what arguments are when a call is made.</summary>
internal sealed partial class ContractFlow
{
    private void JudgeValue(Frame<ContractState> frame, CallSite call, int ordinal, IOperation argument, ParameterContract contract)
    {
        // A default that is wrong is the declaration's fault, and said there.
        if (!IsReporting || argument.Parent is IArgumentOperation { ArgumentKind: ArgumentKind.DefaultValue }) return;
        IParameterSymbol parameter = call.Method.Parameters[ordinal];
        Fact fact = frame.FactOf(call.Arguments[ordinal]);
        if (parameter.Type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
        {
            // What is known of a nullable is whether it is null; that is no number.
            if (NumberIn(argument) is not { } number) return;
            fact = Fact.Constant(number);
        }

        if (contract.Range is { } range && (fact.High < range.Min || fact.Low > range.Max))
        {
            Report(argument, parameter, call.Method, $"outside the valid range {range.Min} to {range.Max}");
        }
        else if (contract.Mask is { } mask && fact.IsConstant)
        {
            long bits = Truncate(fact.Low, parameter.Type);
            long unknown = bits & ~Truncate(mask, parameter.Type);
            if (unknown != 0) Report(argument, parameter, call.Method, $"not valid: it has bits (0x{unknown:X}) outside the mask 0x{Truncate(mask, parameter.Type):X}");
            else if (contract.RequireAnyOf != 0 && (bits & contract.RequireAnyOf) == 0) Report(argument, parameter, call.Method, $"not valid: it has none of the bits 0x{contract.RequireAnyOf:X}, one of which is required,");
        }
    }

    /// <summary>The constant that becomes a nullable's value.</summary>
    private static long? NumberIn(IOperation argument)
    {
        while (argument is IConversionOperation { ConstantValue.HasValue: false } conversion) argument = conversion.Operand;
        return argument.ConstantValue is { HasValue: true, Value: not null } ? ConstantOf(argument) : null;
    }

    private void Report(IOperation argument, IParameterSymbol parameter, IMethodSymbol method, string what) =>
        Findings.Add(new ContractFinding(Descriptors.PIN4003_ArgumentMustBeValid, argument.Syntax, Text(argument.Syntax), what, parameter.Name, Display(method)));

    private static long Truncate(long value, ITypeSymbol type)
    {
        SpecialType underlying = type is INamedTypeSymbol { EnumUnderlyingType: { } number } ? number.SpecialType : type.SpecialType;
        return underlying switch
        {
            SpecialType.System_SByte or SpecialType.System_Byte => value & 0xFF,
            SpecialType.System_Int16 or SpecialType.System_UInt16 => value & 0xFFFF,
            SpecialType.System_Int32 or SpecialType.System_UInt32 => value & 0xFFFF_FFFF,
            _ => value,
        };
    }

    private void JudgeHandle(Frame<ContractState> frame, CallSite call, int ordinal, IOperation argument, ParameterContract contract)
    {
        if (!IsReporting || argument.Parent is IArgumentOperation { ArgumentKind: ArgumentKind.DefaultValue }) return;
        int value = call.Arguments[ordinal];
        Fact fact = frame.FactOf(value);
        if (fact.IsZero) return;
        IParameterSymbol parameter = call.Method.Parameters[ordinal];
        string zero = parameter.Type.SpecialType == SpecialType.System_Boolean ? "false" : parameter.Type.TypeKind == TypeKind.Pointer || parameter.Type.IsReferenceType ? "null" : "zero";
        if (frame.Domain.Live.TryGet(value, out IOperation? filled))
        {
            string what = contract.IsSignal ? "still set by an earlier call" : "live since an earlier call";
            Report(what, filled);
        }
        else if (fact.Excludes(0))
        {
            // An address is not the handle that lies there.
            if (parameter.RefKind == RefKind.None && parameter.Type.TypeKind == TypeKind.Pointer) return;
            Report($"not {zero}", null);
        }
        else if (IsUnknownByItself(argument, value) && !(contract.IsSignal && argument is IFieldReferenceOperation))
        {
            Report($"not known to be {zero}", null);
        }

        void Report(string what, IOperation? origin) => Findings.Add(
            new ContractFinding(Descriptors.PIN4004_HandleMustBeZero, argument.Syntax, Text(argument.Syntax), what, Display(call.Method), zero)
            {
                Path = origin is null ? [] : [origin.Syntax],
                Fix = CanClear(argument, contract, origin) ? zero : null,
            });
    }

    /// <summary>
    /// True where nothing vouches for the value: it came from somewhere in this body, or from a member that keeps it between calls (a member that only signals
    /// success is believed to have been cleared by whoever left the lock). What the caller passes by
    /// reference is the caller's to clear, and what others filled in by reference may have been destroyed by them.
    /// </summary>
    private bool IsUnknownByItself(IOperation argument, int value)
    {
        switch (argument)
        {
            case ILocalReferenceOperation { Local: { RefKind: RefKind.None } local }:
                return !_graph.IsShared(local) && value != ValueTable.Unknown && _values[value].Kind is ValueKind.Site or ValueKind.Parameter && !_filled.Contains(value);
            case IParameterReferenceOperation { Parameter.RefKind: RefKind.None } reference:
                return !_graph.IsShared(reference.Parameter) && value != ValueTable.Unknown && !_filled.Contains(value)
                    && !_context.Parameters.Of(reference.Parameter).MustBeZero;
            case IFieldReferenceOperation { Field: { IsConst: false } field } reference when reference.Instance is null or IInstanceReferenceOperation:
                return !IsInitializing(field) && !HandleGuards.Vouch(_context, reference, _owner) && value != ValueTable.Unknown && _values[value].Kind == ValueKind.Member && !_filled.Contains(value);
            default:
                return false;
        }
    }

    private readonly System.Collections.Generic.HashSet<int> _filled = [];

    private bool IsInitializing(IFieldSymbol field) =>
        _owner is IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor } constructor && SymbolEqualityComparer.Default.Equals(constructor.ContainingType, field.ContainingType);

    /// <summary>Clearing a live handle would lose it; a flag or pointer that only tells of success may always be cleared.</summary>
    private static bool CanClear(IOperation argument, ParameterContract contract, IOperation? origin) =>
        argument is ILocalReferenceOperation && (contract.IsSignal || origin is null) && argument.Syntax is IdentifierNameSyntax;

    /// <summary>The value that a <c>[MustBeZero]</c> argument has after the call.</summary>
    private int FilledHandle(CallSite call)
    {
        int handle = ValueTable.Unknown;
        for (int i = 0; i < call.Outs.Length; i++)
        {
            if (call.Outs[i] == ValueTable.Unknown) continue;
            _filled.Add(call.Outs[i]);
            if (call.Method.Parameters[i].RefKind == RefKind.Ref && _context.Parameters.Of(call.Method.Parameters[i]).MustBeZero) handle = call.Outs[i];
        }

        return handle;
    }

    /// <summary>What the call made of its handle, and the signal that it depends on; null when it depends on none that is known.</summary>
    private SuccessSignal? SettleHandle(Frame<ContractState> frame, CallSite call, int handle, SuccessSignal? status)
    {
        if (status is not null) return status;
        ITypeSymbol result = call.Method.ReturnType;
        if (call.Method.Name == "TryEnter") return null;
        if (result.SpecialType == SpecialType.System_Boolean) return SuccessSignal.True;
        bool isDropped = call.Operation.Parent is IExpressionStatementOperation;
        if (call.Method.ReturnsVoid || isDropped) MakeLive(frame, handle, call.Operation);
        return !isDropped && result.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_IntPtr ? SuccessSignal.Zero : null;
    }

    private static void MakeLive(Frame<ContractState> frame, int handle, IOperation call)
    {
        if (frame.Restrict(handle, Fact.NonZero)) frame.Domain = frame.Domain.With(live: frame.Domain.Live.Set(handle, call));
    }

    /// <summary>A handle given to what destroys it is live no longer, also where it is passed by value and keeps its number.</summary>
    private void NoteDestroyed(Frame<ContractState> frame, CallSite call, int value)
    {
        if (value == ValueTable.Unknown || !frame.Domain.Live.Contains(value)) return;
        if (!_context.Catalog.Options.For(_syntax.SyntaxTree).ReleaseNames.Contains(call.Method.Name) && !ContainsReleaseWord(call.Method.Name) && _context.Catalog.ReleasesOf(call.Method).IsEmpty) return;
        frame.Domain = frame.Domain.With(live: frame.Domain.Live.Remove(value));
        frame.Forget(value);
        _filled.Add(value);
    }

    /// <summary>Native functions put the verb last: <c>io_destroy</c>, <c>ring_free</c>.</summary>
    private static bool ContainsReleaseWord(string name)
    {
        string lower = name.ToLowerInvariant();
        foreach (string word in s_releaseWords)
        {
            if (lower.Contains(word)) return true;
        }

        return false;
    }

    private static readonly string[] s_releaseWords = ["destroy", "free", "release", "close", "unmap", "unpin", "delete", "teardown"];
}
