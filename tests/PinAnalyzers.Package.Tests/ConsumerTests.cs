using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;

namespace PinAnalyzers.Package.Tests;

/// <summary>The package as its users meet it. Tests with the trait <c>Needs</c> expect that rule to report.</summary>
[Collection(LocalFeedCollection.Name)]
public sealed class ConsumerTests(LocalFeed feed)
{
    [Fact]
    public async Task CorrectCode_BuildsWithoutAnyWarning()
    {
        using var consumer = new Consumer(feed, ConsumerSources.PinnedFixed);
        DotNetResult build = (await consumer.BuildAsync()).ShouldSucceed();
        Assert.Contains("0 Warning(s)", build.Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Needs", "PIN1001")]
    public async Task Leak_IsWarnedAboutWhereItWasCharged()
    {
        using var consumer = new Consumer(feed, ConsumerSources.PinnedLeak);
        await ExpectWarningsAsync(consumer);
    }

    [Fact]
    [Trait("Needs", "PIN1001")]
    public async Task InternalCopiesOfTheAnnotations_Count()
    {
        using var consumer = new Consumer(feed, ConsumerSources.InternalAnnotations);
        await ExpectWarningsAsync(consumer);
    }

    [Fact]
    [Trait("Needs", "PIN1001")]
    public async Task PairsFileBesideTheProject_Counts()
    {
        using var consumer = new Consumer(feed, ConsumerSources.VendorLeak);
        consumer.Write("PinPairs.txt", ConsumerSources.VendorPairs);
        await ExpectWarningsAsync(consumer);
    }

    [Fact]
    [Trait("Needs", "PIN4011")]
    public async Task BrokenPairsFile_IsReportedAtItsOwnLine()
    {
        using var consumer = new Consumer(feed, ConsumerSources.PinnedFixed);
        consumer.Write("PinPairs.txt", ConsumerSources.VendorPairs + "\nnot a pair\n");
        DotNetResult build = (await consumer.BuildAsync()).ShouldSucceed();
        Assert.Equal([new BuildDiagnostic("PinPairs.txt", 3, "PIN4011")], BuildDiagnostic.ParseOutput(build.Output));
    }

    [Fact]
    public async Task PairsFiles_AreAdditionalFilesOnce()
    {
        using var consumer = new Consumer(feed, ConsumerSources.PinnedFixed)
        {
            PackageReferences = """
                <PackageReference Include="PinAnalyzers" Version="$(PinVersion)" PrivateAssets="all" />
                <AdditionalFiles Include="PinPairs.txt" />
                """,
        };
        consumer.Write("PinPairs.txt", ConsumerSources.VendorPairs);
        consumer.Write("PinPairs.Vendor.txt", "# nothing yet\n");
        (await consumer.RunAsync("restore")).ShouldSucceed();
        DotNetResult items = (await consumer.RunAsync("msbuild", "-getItem:AdditionalFiles", "-p:TargetFramework=net10.0")).ShouldSucceed();
        Assert.Equal(["PinPairs.Vendor.txt", "PinPairs.txt"], Identities(items.Output, "AdditionalFiles"));
    }

    [Fact]
    [Trait("Needs", "PIN1001")]
    public async Task PackageThatContributesPairs_Counts()
    {
        using var vendor = new TemporaryDirectory();
        vendor.Write("Vendor.Pins.csproj",
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <IncludeBuildOutput>false</IncludeBuildOutput>
                <NoWarn>$(NoWarn);NU5128</NoWarn>
              </PropertyGroup>
              <ItemGroup>
                <None Include="buildTransitive/*" Pack="true" PackagePath="buildTransitive/" />
              </ItemGroup>
            </Project>
            """);
        vendor.Write("buildTransitive/PinPairs.Vendor.txt", ConsumerSources.VendorPairs);
        vendor.Write("buildTransitive/Vendor.Pins.props",
            """<Project><ItemGroup><AdditionalFiles Include="$(MSBuildThisFileDirectory)PinPairs.Vendor.txt" /></ItemGroup></Project>""");
        (await DotNet.RunAsync(vendor.FullPath, feed.Environment, "pack", "--nologo", "-o", feed.Directory, $"-p:PackageVersion={feed.Version}")).ShouldSucceed();

        using var consumer = new Consumer(feed, ConsumerSources.VendorLeak)
        {
            PackageReferences = """
                <PackageReference Include="PinAnalyzers" Version="$(PinVersion)" PrivateAssets="all" />
                <PackageReference Include="Vendor.Pins" Version="$(PinVersion)" />
                """,
        };
        await ExpectWarningsAsync(consumer);
    }

    [Fact]
    [Trait("Needs", "PIN1001")]
    public async Task ReferenceInDirectoryBuildProps_Counts()
    {
        using var consumer = new Consumer(feed, ConsumerSources.PinnedLeak) { PackageReferences = "" };
        consumer.Write("Directory.Build.props",
            $"""<Project><ItemGroup><PackageReference Include="PinAnalyzers" Version="{feed.Version}" PrivateAssets="all" /></ItemGroup></Project>""");
        await ExpectWarningsAsync(consumer);
    }

    [Fact]
    [Trait("Needs", "PIN1001")]
    public async Task TreatWarningsAsErrors_FailsTheBuild()
    {
        using var consumer = new Consumer(feed, ConsumerSources.PinnedLeak) { Properties = "<TreatWarningsAsErrors>true</TreatWarningsAsErrors>" };
        DotNetResult build = (await consumer.BuildAsync()).ShouldFail();
        Assert.Equal(consumer.Expected, BuildDiagnostic.ParseOutput(build.Output, "error"));
    }

    // The compiler lifts no severity that a configuration names, and presets are configurations.
    [Theory]
    [InlineData("Annotated", ConsumerSources.InternalAnnotations)]
    [InlineData("Strict", ConsumerSources.PinnedAcrossACall)]
    public async Task TreatWarningsAsErrorsWithAPreset_FailsTheBuild(string mode, string source)
    {
        using var consumer = new Consumer(feed, source) { Properties = $"<TreatWarningsAsErrors>true</TreatWarningsAsErrors><PinAnalyzersMode>{mode}</PinAnalyzersMode>" };
        DotNetResult build = (await consumer.BuildAsync()).ShouldFail();
        Assert.Equal(consumer.Expected, BuildDiagnostic.ParseOutput(build.Output, "error"));
    }

    [Fact]
    [Trait("Needs", "PIN1001")]
    public async Task MultiTargeting_WarnsForEveryTarget()
    {
        using var consumer = new Consumer(feed, ConsumerSources.PinnedLeak) { TargetFrameworks = "net8.0;net10.0" };
        DotNetResult build = await ExpectWarningsAsync(consumer);
        Assert.Matches("PIN1001.*TargetFramework=net8.0", build.Output);
        Assert.Matches("PIN1001.*TargetFramework=net10.0", build.Output);
    }

    [Fact]
    [Trait("Needs", "PIN1001")]
    public async Task ErrorLog_CarriesThePathAsRelatedLocations()
    {
        using var consumer = new Consumer(feed, ConsumerSources.PinnedLeak) { Properties = "<ErrorLog>build.sarif,version=2.1</ErrorLog>" };
        (await consumer.BuildAsync()).ShouldSucceed();

        using JsonDocument log = JsonDocument.Parse(consumer.Read("build.sarif"));
        JsonElement finding = log.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray()
            .Single(result => result.GetProperty("ruleId").GetString() == "PIN1001");
        int[] path = [.. finding.GetProperty("relatedLocations").EnumerateArray().Select(LineOf)];
        Assert.True(path.Length >= 2, "The path needs at least the charge and the place where it is lost.");
        Assert.Equal(consumer.Expected[0].Line, path[0]);
    }

    [Theory]
    [InlineData("none", false)]
    [InlineData("error", true)]
    [Trait("Needs", "PIN1001")]
    public async Task EditorConfigSeverity_Decides(string severity, bool fails)
    {
        using var consumer = new Consumer(feed, ConsumerSources.PinnedLeak);
        consumer.Write(".editorconfig", $"root = true\n[*.cs]\ndotnet_diagnostic.PIN1001.severity = {severity}\n");
        DotNetResult build = await consumer.BuildAsync();
        Assert.Empty(BuildDiagnostic.ParseOutput(build.Output));
        Assert.Equal(fails ? consumer.Expected : [], BuildDiagnostic.ParseOutput(build.Output, "error"));
        Assert.Equal(fails, build.ExitCode != 0);
    }

    [Fact]
    [Trait("Needs", "PIN1001")]
    public async Task AnnotatedMode_IsSilentAboutBuiltInPairsOnly()
    {
        using var builtIn = new Consumer(feed, ConsumerSources.PinnedLeak) { Properties = "<PinAnalyzersMode>Annotated</PinAnalyzersMode>" };
        DotNetResult build = (await builtIn.BuildAsync()).ShouldSucceed();
        Assert.Empty(BuildDiagnostic.ParseOutput(build.Output));

        using var annotated = new Consumer(feed, ConsumerSources.InternalAnnotations) { Properties = "<PinAnalyzersMode>Annotated</PinAnalyzersMode>" };
        await ExpectWarningsAsync(annotated);
    }

    [Theory]
    [InlineData("", "recommended")]
    [InlineData("Recommended", "recommended")]
    [InlineData("Strict", "strict")]
    [InlineData("annotated", "annotated")]
    [InlineData("ALL", "all")]
    public async Task Mode_PicksExactlyItsPreset(string mode, string preset)
    {
        using var consumer = new Consumer(feed, ConsumerSources.PinnedFixed) { Properties = $"<PinAnalyzersMode>{mode}</PinAnalyzersMode>" };
        (await consumer.RunAsync("restore")).ShouldSucceed();
        DotNetResult items = (await consumer.RunAsync("msbuild", "-getItem:EditorConfigFiles,CompilerVisibleProperty", "-p:TargetFramework=net10.0")).ShouldSucceed();
        Assert.Equal([preset + ".globalconfig"], Identities(items.Output, "EditorConfigFiles").Where(name => name.EndsWith(".globalconfig", StringComparison.Ordinal)));
        Assert.Contains("PinAnalyzersMode", Identities(items.Output, "CompilerVisibleProperty"));
    }

    [Fact]
    public async Task UnknownMode_IsAnErrorThatNamesTheChoices()
    {
        using var consumer = new Consumer(feed, ConsumerSources.PinnedFixed) { Properties = "<PinAnalyzersMode>Strickt</PinAnalyzersMode>" };
        DotNetResult build = (await consumer.BuildAsync()).ShouldFail();
        Assert.Contains("Recommended, Strict, Annotated or All", build.Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Needs", "PIN1001")]
    public async Task DotNetFormat_AppliesTheFix()
    {
        using var consumer = new Consumer(feed, ConsumerSources.PinnedLeak);
        await ExpectWarningsAsync(consumer);
        (await consumer.RunAsync("format", "analyzers", "--diagnostics", "PIN1001", "--severity", "warn", "--no-restore")).ShouldSucceed();

        Assert.NotEqual(ConsumerSources.PinnedLeak, consumer.Read(Consumer.SourceName));
        DotNetResult build = (await consumer.BuildAsync()).ShouldSucceed();
        Assert.Contains("0 Warning(s)", build.Output, StringComparison.Ordinal);
    }

    private static async Task<DotNetResult> ExpectWarningsAsync(Consumer consumer)
    {
        DotNetResult build = (await consumer.BuildAsync()).ShouldSucceed();
        Assert.NotEmpty(consumer.Expected);
        Assert.Equal(consumer.Expected, BuildDiagnostic.ParseOutput(build.Output));
        return build;
    }

    private static string[] Identities(string json, string item)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return [.. document.RootElement.GetProperty("Items").GetProperty(item).EnumerateArray()
            .Select(element => Path.GetFileName(element.GetProperty("Identity").GetString()!)).Order(StringComparer.Ordinal)];
    }

    private static int LineOf(JsonElement location) =>
        location.GetProperty("physicalLocation").GetProperty("region").GetProperty("startLine").GetInt32();
}
