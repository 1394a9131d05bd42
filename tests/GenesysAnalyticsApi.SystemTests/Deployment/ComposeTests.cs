using System.Globalization;
using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Commands;
using GenesysAnalyticsApi.Tests.Infrastructure;
using static GenesysAnalyticsApi.SystemTests.Deployment.DeploymentFiles;

namespace GenesysAnalyticsApi.SystemTests.Deployment;

/// <summary>The compose files agree with the service, the image and each other. docker/check.sh checks them against the schema of Compose.</summary>
public sealed partial class ComposeTests
{
    private const string Demo = "docker/compose.yaml";
    private const string Live = "docker/compose.live.yaml";

    private static readonly string[] Replicas = ["api-1", "api-2"];

    [Fact]
    public void The_demo_settings_are_valid()
    {
        foreach (var replica in Replicas)
        {
            var variables = Map(Services(Demo)[replica]!["environment"]);

            FaultsOf(variables).ShouldBeEmpty();
            UnknownSections(variables.Keys).ShouldBeEmpty();
        }
    }

    [Fact]
    public void The_live_settings_lack_only_the_secret_and_the_keys()
    {
        var variables = LiveVariables();

        FaultsOf(variables).Select(fault => fault.Split(' ')[0]).ShouldBe(["Genesys:ClientSecret", "Auth:Keys"]);
        UnknownSections(variables.Keys).ShouldBeEmpty();
        FaultsOf(variables.Concat(
        [
            new("Genesys__ClientSecret", "the-secret"), new("Auth__Keys__a__Name", "wallboard"), new("Auth__Keys__a__Sha256", new string('a', 64)),
        ])).ShouldBeEmpty();
    }

    [Fact]
    public void The_live_service_requires_a_key()
    {
        var variables = LiveVariables();

        (variables["Auth__Mode"], variables["Auth__AllowAnonymous"], variables["Auth__Metrics"]).ShouldBe(("ApiKey", "false", "Operators"));
    }

    [Fact]
    public void Every_container_is_hardened_limited_and_health_checked()
    {
        foreach (var (name, service) in Services(Demo))
        {
            (service!["read_only"]?.GetValue<string>()).ShouldBe("true", name);
            List(service["cap_drop"]).ShouldBe(["ALL"], name);
            List(service["security_opt"]).ShouldBe(["no-new-privileges:true"], name);
            service["restart"].ShouldNotBeNull(name);
            service["mem_limit"].ShouldNotBeNull(name);
            service["cpus"].ShouldNotBeNull(name);
            service["healthcheck"]!["test"].ShouldNotBeNull(name);
            List(service["ports"]).ShouldAllBe(port => port.StartsWith("127.0.0.1:", StringComparison.Ordinal));
            if (!Replicas.Contains(name))
            {
                service["image"]!.GetValue<string>().ShouldMatch(@":v?\d+\.\d+", name);
            }
        }
    }

    [Theory]
    [InlineData(Demo)]
    [InlineData(Live)]
    public void Every_mounted_file_exists(string path)
    {
        var mounted = Services(path).SelectMany(service => List(service.Value!["volumes"]))
            .Where(volume => volume.StartsWith("./", StringComparison.Ordinal))
            .Select(volume => Path.Combine("docker", volume.Split(':')[0]))
            .ToList();

        mounted.ShouldNotBeEmpty();
        mounted.ShouldAllBe(file => Path.Exists(Repository.PathOf(file)));
    }

    [Fact]
    public void Prometheus_scrapes_the_replicas_by_allowed_host_names_and_the_image_port()
    {
        foreach (var (file, allowed) in new[]
        {
            ("docker/prometheus/prometheus.yml", Map(Services(Demo)["api-1"]!["environment"])["AllowedHosts"]),
            ("docker/prometheus/prometheus.live.yml", LiveVariables()["AllowedHosts"]),
        })
        {
            var job = Documents(file).Single()["scrape_configs"]![0]!;

            var targets = List(job["static_configs"]![0]!["targets"]).ToList();
            targets.ShouldBe(Replicas.Select(replica => $"{replica}:{Dockerfile("EXPOSE")}"));
            Replicas.Except(allowed.Split(';')).ShouldBeEmpty();
            Repository.Read("docker/prometheus/rules.yml").ShouldContain($"job=\"{job["job_name"]}\"");
        }
    }

    [Fact]
    public void The_two_Prometheus_configurations_differ_only_in_the_key()
    {
        var (demo, live) = (Repository.Read("docker/prometheus/prometheus.yml"), Repository.Read("docker/prometheus/prometheus.live.yml"));

        var (withKey, without) = (WithoutComment(live), WithoutComment(demo));

        withKey.Where(line => !without.Contains(line)).ShouldBe(
            ["    http_headers:", "      X-Api-Key:", "        files: [/run/secrets/prometheus-key]"]);
        without.ShouldBeSubsetOf(withKey);

        static List<string> WithoutComment(string text) => [.. text.Split('\n').SkipWhile(line => line.StartsWith('#'))];
    }

    [Fact]
    public void The_container_health_check_is_a_command_of_the_service()
    {
        var test = List(Services(Demo)["api-1"]!["healthcheck"]!["test"]).ToList();

        test.ShouldBe(["CMD", "dotnet", "/app/GenesysAnalyticsApi.dll", HealthCommand.Name, "ready"]);
        Dockerfile("ENTRYPOINT").ShouldBe("""["dotnet", "/app/GenesysAnalyticsApi.dll"]""");
    }

    [Fact]
    public void The_stop_grace_period_of_the_container_exceeds_the_longest_shutdown()
    {
        var given = Services(Demo)["api-1"]!["stop_grace_period"]!.GetValue<string>();

        TimeSpan.FromSeconds(int.Parse(given.TrimEnd('s'), CultureInfo.InvariantCulture)).ShouldBeGreaterThan(KubernetesTests.LongestStop(TimeSpan.Zero));
    }

    /// <summary>The last instruction of its kind, which belongs to the image that is built by default.</summary>
    internal static string Dockerfile(string instruction) =>
        Regex.Matches(Repository.Read("docker/Dockerfile"), $"^{instruction} (?<words>.+)$", RegexOptions.Multiline)[^1].Groups["words"].Value;

    /// <summary>Merges the variables of both files as Compose does: a value in the live file replaces the value in the demo file.</summary>
    private static Dictionary<string, string> LiveVariables()
    {
        var variables = Map(Services(Demo)["api-1"]!["environment"]);
        foreach (var (name, value) in Map(Services(Live)["api-1"]!["environment"]))
        {
            variables[name] = Placeholder().Replace(value, name.EndsWith("Region", StringComparison.Ordinal) ? "eu-west-1" : "given");
        }

        return variables;
    }

    [GeneratedRegex(@"\$\{[^}]+\}")]
    private static partial Regex Placeholder();
}
