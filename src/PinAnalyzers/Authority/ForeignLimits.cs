using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>PIN2004: what one owner has used is compared with what another one may use.</summary>
internal static class ForeignLimits
{
    /// <summary>Names of limits that are common enough to look for.</summary>
    public static readonly ImmutableArray<string> Names = ImmutableArray.Create("Limit", "limit", "_limit", "Quota", "MaxPages", "MaxBytes", "HardLimit", "SoftLimit", "PageLimit", "MemlockLimit", "LockLimit", "RLimit");

    private static readonly string[] LimitWords = ["limit", "quota", "max", "budget", "allowance"];

    public static IEnumerable<AuthorityFinding> Find(AuthorityContext context, ControlFlowGraph graph, ISymbol owner)
    {
        Origins? origins = null;
        ImmutableArray<AccountingEvent>? charges = null;
        foreach ((IOperation operation, BasicBlock _) in AccountingEvents.OperationsOf(graph))
        {
            if (operation is not IBinaryOperation { OperatorKind: BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual, OperatorMethod: null } comparison) continue;
            origins ??= new Origins(graph);
            List<IMemberReferenceOperation> numbers = Parts(comparison, origins).OfType<IMemberReferenceOperation>().Where(static m => m.Instance is not null and not IInstanceReferenceOperation && m.Type?.IsIntegral() == true).ToList();
            foreach (IMemberReferenceOperation limit in numbers)
            {
                // What the limit's own subject uses is counted in: both share the limit, or one takes over from the other.
                if (!IsLimit(limit.Member, context) || numbers.Any(n => !IsLimit(n.Member, context) && OwnerPath.AreSame(OwnerPath.Of(n.Instance, origins), OwnerPath.Of(limit.Instance, origins)))) continue;
                foreach (IMemberReferenceOperation counter in numbers)
                {
                    if (counter == limit || IsLimit(counter.Member, context) || !IsOfAnother(context, limit, counter, origins, graph)) continue;
                    charges ??= context.Events.In(graph).Concat(context.Events.ThroughHelpers(graph)).Where(static e => !e.IsRelease).ToImmutableArray();
                    if (!IsCharged(context, counter, charges.Value, origins, owner) || IsLimitedByItsOwn(context, counter, graph, origins)) continue;
                    yield return new AuthorityFinding(
                        Descriptors.PIN2004_LimitShouldBeTheOwners, limit, ImmutableArray.Create<IOperation>(limit, counter, comparison), limit.Syntax.ToString(), counter.Instance!.Syntax.ToString());
                }
            }
        }
    }

    /// <summary>The subject's own limit is asked as well: the other is one more that holds for all. Whether it may exceed that limit is not the limit.</summary>
    private static bool IsLimitedByItsOwn(AuthorityContext context, IMemberReferenceOperation counter, ControlFlowGraph graph, Origins origins)
    {
        ImmutableArray<ISymbol> subject = OwnerPath.Of(counter.Instance, origins);
        return AccountingEvents.OperationsOf(graph).Any(part => part.Operation is IMemberReferenceOperation { Instance: { } instance, Type: { } type } limit && type.IsIntegral() && IsLimit(limit.Member, context) && OwnerPath.AreSame(OwnerPath.Of(instance, origins), subject));
    }

    /// <summary>Most limits are variables and parameters: a dot stands before the one that is read from something.</summary>
    public static ImmutableArray<int> ReadFromAnother(SyntaxTree tree, ImmutableArray<int> limits)
    {
        if (limits.IsEmpty) return limits;
        SourceText text = tree.GetText();
        return limits.RemoveAll(position => !FollowsDot(text, position));
    }

    // A comment may stand between the two, at the end of a line or before the name.
    private static bool FollowsDot(SourceText text, int position)
    {
        int before = position - 1;
        while (before >= 0 && text[before] is ' ' or '\t') before--;
        return before >= 0 && text[before] is '.' or '@' or '/' or '\n' or '\r';
    }

    /// <summary>Seen without binding: another object's limit is read.</summary>
    public static bool MayBe(SimpleNameSyntax name) => name.Parent is MemberAccessExpressionSyntax { Expression: not ThisExpressionSyntax } access && access.Name == name;

    /// <summary>The numbers that are compared, sums and locals taken apart.</summary>
    private static IEnumerable<IOperation> Parts(IOperation comparison, Origins origins)
    {
        Stack<(IOperation Operation, int Depth)> open = new();
        open.Push((comparison, 0));
        while (open.Count > 0)
        {
            (IOperation operation, int depth) = open.Pop();
            IOperation value = origins.Single(operation);
            yield return value;
            if (depth > 6) continue;
            switch (value)
            {
                case IBinaryOperation binary:
                    open.Push((binary.RightOperand, depth + 1));
                    open.Push((binary.LeftOperand, depth + 1));
                    break;
                case IInvocationOperation { TargetMethod: { Name: "Read", ContainingType.SystemName: "Volatile" or "Interlocked" }, Arguments: { Length: 1 } read }:
                    open.Push((read[0].Value, depth + 1));
                    break;
            }
        }
    }

    private static bool IsLimit(ISymbol member, AuthorityContext context) =>
        LimitWords.Any(word => member.Name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0)
        || member.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => context.Catalog.TryGetCounter(field, out CounterSpec? counter) && counter.Limit == member.Name);

    /// <summary>Two subjects of one kind, or one that is whoever runs now; a cap for everybody is declared elsewhere than the counter.</summary>
    private static bool IsOfAnother(AuthorityContext context, IMemberReferenceOperation limit, IMemberReferenceOperation counter, Origins origins, ControlFlowGraph graph)
    {
        ImmutableArray<ISymbol> limited = OwnerPath.Of(limit.Instance, origins), counted = OwnerPath.Of(counter.Instance, origins);
        if (OwnerPath.AreSame(limited, counted) || counted.IsEmpty) return false;
        bool isAmbient = context.Ambients.In(limit.Instance!, origins, graph) is not null, isBothAmbient = isAmbient && context.Ambients.In(counter.Instance!, origins, graph) is not null;
        if (isAmbient) return !isBothAmbient;

        // A parent's limit for its children is meant so.
        bool isRelated = limited.Length != counted.Length && limited.Take(counted.Length).SequenceEqual(counted.Take(limited.Length), SymbolEqualityComparer.Default);
        return !limited.IsEmpty && !isRelated && SymbolEqualityComparer.Default.Equals(limit.Instance!.Type, counter.Instance!.Type);
    }

    /// <summary>The counter is one that is charged here, or that other members charge and release.</summary>
    private static bool IsCharged(AuthorityContext context, IMemberReferenceOperation counter, ImmutableArray<AccountingEvent> charges, Origins origins, ISymbol owner)
    {
        ISymbol member = counter.Member.OriginalDefinition;
        if (charges.Any(charge => SymbolEqualityComparer.Default.Equals(charge.Counter, member) || charge.Owner is { } whose && charge.IsAccount && OwnerPath.AreSame(OwnerPath.Of(whose, origins), OwnerPath.Of(counter.Instance, origins)))) return true;
        return context.Types.IsCounter(new AccountingEvent(counter, null!, IsRelease: true, null, member), owner);
    }
}
