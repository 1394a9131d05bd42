using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.SystemTests.Documentation.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using YamlDotNet.Serialization;

namespace GenesysAnalyticsApi.SystemTests.Documentation;

/// <summary>
/// Runs every example of <c>docs/clients.md</c> that can run here against the service, and checks the queries and field names of the others.
/// <c>.ci/clients</c> tests the generated clients.
/// </summary>
public sealed partial class ClientsDocumentTests(ListeningService service) : IClassFixture<ListeningService>
{
    private const string Page = "docs/clients.md";

    private static readonly IReadOnlyList<CodeBlock> Blocks = CodeBlock.Of(Page);

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_shell_example_prints_something()
    {
        var examples = Blocks.Where(block => block.Language == "sh").ToList();
        examples.Count.ShouldBeGreaterThan(7);

        foreach (var example in examples.Where(example => HasPrograms(example.Code)))
        {
            var (exitCode, output, error) = await InstalledProgram.RunAsync("bash", service.Folder, null, "-euo", "pipefail", "-c", service.Here(example.Code));

            exitCode.ShouldBe(0, $"{example.Code}\n{error}");
            (output.Length > 0 || example.Code.Contains("-o aggregates", StringComparison.Ordinal)).ShouldBeTrue(example.Code);
        }
    }

    [Fact]
    public async Task The_shell_examples_print_what_the_page_says()
    {
        var table = await ShellAsync("Accept: text/plain");
        var lines = table.TrimEnd('\n').Split('\n');
        lines.Length.ShouldBeGreaterThan(5);
        lines[0].ShouldContain("interactions", Case.Insensitive);

        (await ShellAsync("--etag-compare")).TrimEnd().ShouldEndWith("304");
        var facts = await ShellAsync("x-data");
        foreach (var header in new[] { "X-Data-As-Of", "X-Data-Complete", "X-Data-Final", "X-Data-Stale" })
        {
            facts.ShouldContain(header, Case.Insensitive);
        }
    }

    [Fact]
    public async Task The_SQL_example_reads_the_downloaded_file()
    {
        await ShellAsync("aggregates.parquet");
        var sql = Blocks.Single(block => block.Language == "sql").Code.Replace("'aggregates.parquet'", $"'{Path.Combine(service.Folder, "aggregates.parquet")}'", StringComparison.Ordinal);
        await using var connection = new DuckDBConnection("Data Source=:memory:");
        await connection.OpenAsync(TestCancellation);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statement comes from the page.
        command.CommandText = sql;
#pragma warning restore CA2100

        await using var rows = await command.ExecuteReaderAsync(TestCancellation);

        (await rows.ReadAsync(TestCancellation)).ShouldBeTrue();
        Convert.ToDouble(rows["serviceLevel"], System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(0.01, 1);
        Convert.ToDouble(rows["averageHandleTimeSeconds"], System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(10, 3600);
    }

    [Fact]
    public async Task The_pandas_example_runs_where_pandas_is_installed()
    {
        var example = Blocks.Single(block => block.Language == "python").Code;
        Address().Count(example).ShouldBe(1);
        string? python = null;
        foreach (var installed in InstalledProgram.FindAll("python3"))
        {
            python ??= (await InstalledProgram.RunAsync(installed, service.Folder, null, "-c", "import pandas")).ExitCode == 0 ? installed : null;
        }

        if (python is null)
        {
            // Another test checks the query of this example.
            TestContext.Current.SendDiagnosticMessage("The pandas example was not run: python3 with pandas is not installed.");
            return;
        }

        var (exitCode, output, error) = await InstalledProgram.RunAsync(python, service.Folder, null, "-c", service.Here(example));

        exitCode.ShouldBe(0, error);
        output.ShouldContain("averageHandleTimeMs");
    }

    [Fact]
    public async Task Every_address_on_the_page_returns_a_successful_response()
    {
        var paths = Address().Matches(Repository.Read(Page)).Select(address => address.Groups["path"].Value).Where(path => path.Length > 1).Distinct().ToList();
        paths.Count.ShouldBeGreaterThan(8);
        using var client = new HttpClient();

        foreach (var path in paths)
        {
            using var response = await client.GetAsync(service.Address(path), TestCancellation);

            response.IsSuccessStatusCode.ShouldBeTrue($"{path}: {await response.Content.ReadAsStringAsync(TestCancellation)}");
        }
    }

    [Fact]
    public async Task The_Power_Query_example_uses_parameters_and_fields_that_exist()
    {
        var code = Blocks.Single(block => block.Language == "powerquery").Code;
        var query = string.Join('&', MParameter().Matches(MQuery().Match(code).Groups["query"].Value).Select(one => $"{one.Groups["name"].Value}={one.Groups["value"].Value}"));
        var fields = MColumn().Matches(code).Select(column => column.Groups["name"].Value).ToList();
        using var client = new HttpClient();

        var lines = (await client.GetStringAsync(service.Address($"/aggregates?{query}"), TestCancellation)).Split("\r\n");

        query.ShouldContain("format=csv");
        fields.Count.ShouldBeGreaterThan(8);
        fields.ShouldBeSubsetOf(lines[0].Split(','));
        DaxColumn().Matches(Repository.Read(Page)).Select(column => column.Groups["name"].Value).ShouldBeSubsetOf(fields);
    }

    [Fact]
    public async Task The_scrape_configuration_is_valid_and_scrapes_OpenMetrics()
    {
        var yaml = Blocks.Single(block => block.Language == "yaml").Code;
        var jobs = new DeserializerBuilder().Build().Deserialize<Dictionary<string, List<Dictionary<object, object>>>>(yaml)["scrape_configs"];
        var promtool = InstalledProgram.Find("promtool");
        using var client = new HttpClient();

        jobs.Select(job => job["metrics_path"]).ShouldBe(["/aggregates", "/observations"]);
        foreach (var job in jobs)
        {
            var query = string.Join('&', ((Dictionary<object, object>)job["params"]).Select(parameter => $"{parameter.Key}={((List<object>)parameter.Value).Single()}"));
            var scraped = await client.GetByteArrayAsync(service.Address($"{job["metrics_path"]}?{query}"), TestCancellation);

            System.Text.Encoding.UTF8.GetString(scraped).ShouldEndWith("# EOF\n");
            if (promtool is not null)
            {
                (await InstalledProgram.RunAsync(promtool, service.Folder, scraped, "check", "metrics")).ExitCode.ShouldBe(0);
            }
        }

        if (promtool is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(service.Folder, "prometheus.yml"), yaml, TestCancellation);
            (await InstalledProgram.RunAsync(promtool, service.Folder, null, "check", "config", "--syntax-only", "prometheus.yml")).ExitCode.ShouldBe(0);
        }
    }

    /// <summary>The fields in jq filters and in TypeScript and C# code exist.</summary>
    [Fact]
    public void The_page_names_fields_that_exist()
    {
        var known = RecordFieldDefinitions.All.Select(field => field.Name).ToHashSet();
        var jq = JqField().Matches(string.Concat(Blocks.Where(block => block.Language == "sh").Select(block => block.Code))).Select(field => field.Groups["name"].Value).Except(["records", "name"]);
        var typescript = CodeField().Matches(Blocks.Single(block => block.Language == "ts").Code).Select(field => field.Groups["name"].Value);
        var csharp = CodeField().Matches(Blocks.Single(block => block.Language == "csharp").Code).Select(field => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(field.Groups["name"].Value));

        jq.Concat(typescript).Concat(csharp).ShouldBeSubsetOf(known);
    }

    /// <summary><c>.ci/clients</c> runs the example in the README of the client package.</summary>
    [Fact]
    public void The_CSharp_example_equals_the_one_in_the_README_of_the_client_package() =>
        CodeBlock.Of("src/GenesysAnalyticsApi.Client/README.md").ShouldContain(Blocks.Single(block => block.Language == "csharp"));

    private async Task<string> ShellAsync(string part)
    {
        var example = Blocks.First(block => block.Language == "sh" && block.Code.Contains(part, StringComparison.OrdinalIgnoreCase));
        var (exitCode, output, error) = await InstalledProgram.RunAsync("bash", service.Folder, null, "-euo", "pipefail", "-c", service.Here(example.Code));
        exitCode.ShouldBe(0, error);
        return output;
    }

    private static bool HasPrograms(string code)
    {
        var hasJq = !code.Contains("jq ", StringComparison.Ordinal) || InstalledProgram.Find("jq") is not null;
        if (!hasJq)
        {
            TestContext.Current.SendDiagnosticMessage($"Not run, because jq is not installed: {code}");
        }

        return hasJq;
    }

    [GeneratedRegex("""localhost:5080(?<path>/[^\s"'`)]*)""")]
    private static partial Regex Address();

    [GeneratedRegex(@"Query = \[(?<query>[^\]]+)\]")]
    private static partial Regex MQuery();

    [GeneratedRegex("(?<name>[A-Za-z]+) = \"(?<value>[^\"]+)\"")]
    private static partial Regex MParameter();

    [GeneratedRegex("""\{"(?<name>[A-Za-z]+)", (type |Int64)""")]
    private static partial Regex MColumn();

    [GeneratedRegex(@"Records\[(?<name>[A-Za-z]+)\]")]
    private static partial Regex DaxColumn();

    [GeneratedRegex(@"[\s([-]\.(?<name>[a-z][A-Za-z]+)\b")]
    private static partial Regex JqField();

    [GeneratedRegex(@"\brecord\.(?<name>[A-Za-z]+)")]
    private static partial Regex CodeField();
}
