using System.Net;
using System.Net.Sockets;
using GenesysAnalyticsApi.SystemTests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Hosting;

/// <summary>The service as a separate process: what an operator sees after starting it with invalid settings.</summary>
public sealed class StartTests : IDisposable
{
    private const string Planted = RunningService.PlantedSecret;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("genesys-analytics-");

    [Fact]
    public async Task Invalid_settings_prevent_startup_with_one_readable_message()
    {
        var (exitCode, output, error) = await StartAsync(new()
        {
            ["Genesys__Region"] = "nowhere",
            ["Genesys__SettleHours"] = "abc",
            ["Genesys__ClientSecret"] = Planted,
            ["Genesys__ClientSecrte"] = Planted,
        });

        exitCode.ShouldBe(1);
        output.ShouldBeEmpty();
        error.ShouldBe(
            """
            GenesysAnalyticsApi does not start: 4 settings are invalid.
              - Genesys:ClientSecrte is not a setting; the closest is Genesys:ClientSecret.
              - Genesys:SettleHours = 'abc' is not a whole number. The default is 72.
              - Genesys:Region = 'nowhere' is not a Genesys Cloud region. Give an AWS region (eu-west-1), an SDK name (eu_west_1) or a domain (mypurecloud.ie).
              - Genesys:ClientId is missing. Give the id of an OAuth client of type Client Credentials, or Genesys:Mode=Simulator for simulated figures (environment variable Genesys__ClientId).
            docs/configuration.md explains every setting.

            """);
    }

    [Fact]
    public async Task An_address_in_use_is_reported_without_a_stack_trace()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var (exitCode, output, error) = await StartAsync(new() { ["Genesys__Mode"] = "Simulator", ["URLS"] = $"http://{taken.LocalEndpoint}" });

        exitCode.ShouldBe(1);
        output.ShouldNotContain("   at ");
        error.ShouldBe(
            $"GenesysAnalyticsApi does not start: Failed to bind to address http://{taken.LocalEndpoint}: address already in use. "
            + "Give another address, such as --urls http://localhost:5081.\n");
    }

    [Theory]
    [InlineData("Genesys__ClientSecret", "Genesys__RequestsPerMinute")]
    [InlineData("GENESYS_CLOUD_CLIENT_SECRET", "Genesys__AttemptTimeout")]
    [InlineData("Genesys__ClientSecretX", "Genesys__Mode")]
    [InlineData("Genesys__ClientSecret__X", "Genesys__Mode")]
    public async Task A_failed_start_never_shows_the_secret(string secret, string wrong)
    {
        var (exitCode, output, error) = await StartAsync(new() { [secret] = Planted, [wrong] = "wrong" });

        exitCode.ShouldBe(1);
        error.ShouldNotBeEmpty();
        (output + error).ShouldNotContain(Planted);
    }

    [Theory]
    [InlineData("GENESYS_CLOUD_REGION=in-file", null, null, "in-file")]
    [InlineData("GENESYS_CLOUD_REGION=alias\nGenesys__Region=explicit", null, null, "explicit")]
    [InlineData("Genesys__Region=in-file", "alias", null, "alias")]
    [InlineData("Genesys__Region=in-file", "alias", "explicit", "explicit")]
    [InlineData("# a comment\nexport GENESYS_CLOUD_REGION=\"in quotes\"", null, null, "in quotes")]
    // An example file that was copied but not filled in overrides nothing.
    [InlineData("GENESYS_CLOUD_REGION=", "alias", null, "alias")]
    [InlineData("Genesys__Region=in-file", "", null, "in-file")]
    public async Task The_environment_overrides_the_file_and_the_key_overrides_its_alias(string file, string? alias, string? explicitValue, string expected)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, ".env"), file, TestContext.Current.CancellationToken);

        var (_, _, error) = await StartAsync(new() { ["GENESYS_CLOUD_REGION"] = alias, ["Genesys__Region"] = explicitValue });

        error.ShouldContain($"Genesys:Region = '{expected}' is not");
    }

    [Theory]
    [InlineData("Genesys__Region", "in-secret\n", null, null, "in-secret")]
    [InlineData("GENESYS_CLOUD_REGION", "in-secret\r\n", null, "in-file", "in-secret")]
    [InlineData("Genesys__Region", "in-secret", "explicit", null, "explicit")]
    // Other files that Kubernetes mounts beside the secret are ignored.
    [InlineData("..Genesys__Region", "in-secret", null, "in-file", "in-file")]
    public async Task A_mounted_secret_overrides_the_file_and_the_environment_overrides_both(string secret, string value, string? explicitValue, string? file, string expected)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.CreateSubdirectory("secrets").FullName, secret), value, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, ".env"), $"Genesys__Region={file}", TestContext.Current.CancellationToken);

        var (_, _, error) = await StartAsync(new() { ["SECRETS_FOLDER"] = Path.Combine(_folder.FullName, "secrets"), ["Genesys__Region"] = explicitValue });

        error.ShouldContain($"Genesys:Region = '{expected}' is not");
    }

    [Fact]
    public async Task An_unreadable_secret_is_named()
    {
        var secret = Path.Combine(_folder.CreateSubdirectory("secrets").FullName, "Genesys__ClientSecret");
        // The root user can read files with mode 000, but not a missing file.
        File.CreateSymbolicLink(secret, Path.Combine(_folder.FullName, "nowhere"));

        var (exitCode, _, error) = await StartAsync(new() { ["SECRETS_FOLDER"] = Path.Combine(_folder.FullName, "secrets"), ["Genesys__Mode"] = "Simulator" });

        exitCode.ShouldBe(1);
        error.ShouldContain($"  - {secret} cannot be read by the account that runs the service.");
    }

    [Fact]
    public async Task A_missing_secrets_folder_is_named()
    {
        var (exitCode, _, error) = await StartAsync(new() { ["SECRETS_FOLDER"] = "/nowhere", ["Genesys__Mode"] = "Simulator" });

        exitCode.ShouldBe(1);
        error.ShouldContain("  - SECRETS_FOLDER = '/nowhere' is not a folder.");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Task<(int ExitCode, string Output, string Error)> StartAsync(Dictionary<string, string?> environment) =>
        ServiceProcess.RunAsync(_folder.FullName, environment);
}
