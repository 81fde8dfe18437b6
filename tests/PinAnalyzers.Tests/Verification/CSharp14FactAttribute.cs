using System;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace PinAnalyzers.Tests.Verification;

/// <summary>A test whose source only compilers from C# 14 on can read.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CSharp14FactAttribute : FactAttribute
{
    public CSharp14FactAttribute()
    {
        if (!Enum.IsDefined((LanguageVersion)1400)) Skip = "The compiler under test does not know C# 14.";
    }
}
