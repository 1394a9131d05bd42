using System.Globalization;
using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Commands;
using GenesysAnalyticsApi.Tests.Infrastructure;
using static GenesysAnalyticsApi.SystemTests.Deployment.DeploymentFiles;

namespace GenesysAnalyticsApi.SystemTests.Deployment;

/// <summary>The compose files agree with the service, the image and each other. That they fit Compose itself is looked at by docker/check.sh.</summary>
public sealed partial class ComposeTests
{
    private const string Demo = "docker/compose.yaml";
    private const string Live = "docker/compose.live.yaml";

    private static readonly string[] Replicas = ["api-1", "api-2"];

    [Fact]
    public void The_demo_starts_with_its_settings()
    {
        foreach (var replica in Replicas)
        {
            var variables = Map(Services(Demo)[replica]!["environment"]);

            FaultsOf(variables).ShouldBeEmpty();
            UnknownSections(variables.Keys).ShouldBeEmpty();
        }
    }

    [Fact]
    public void The_live_settings_lack_nothing_but_who_may_ask_and_the_secret()
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
    public void Live_nobody_is_answered_without_a_key()
    {
        var variables = LiveVariables();

        (variables["Auth__Mode"], variables["Auth__AllowAnonymous"], variables["Auth__Metrics"]).ShouldBe(("ApiKey", "false", "Operators"));
    }

    [Fact]
    public void Every_container_is_hardened_limited_and_watched()
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
    public void What_is_mounted_is_there(string path)
    {
        var mounted = Services(path).SelectMany(service => List(service.Value!["volumes"]))
            .Where(volume => volume.StartsWith("./", StringComparison.Ordinal))
            .Select(volume => Path.Combine("docker", volume.Split(':')[0]))
            .ToList();

        mounted.ShouldNotBeEmpty();
        mounted.ShouldAllBe(file => Path.Exists(Repository.PathOf(file)));
    }

    [Fact]
    public void Prometheus_asks_the_replicas_by_names_that_they_take_and_at_the_port_of_the_image()
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
    public void The_two_settings_of_Prometheus_differ_in_the_key_alone()
    {
        var (demo, live) = (Repository.Read("docker/prometheus/prometheus.yml"), Repository.Read("docker/prometheus/prometheus.live.yml"));

        var (withKey, without) = (WithoutComment(live), WithoutComment(demo));

        withKey.Where(line => !without.Contains(line)).ShouldBe(
            ["    http_headers:", "      X-Api-Key:", "        files: [/run/secrets/prometheus-key]"]);
        without.ShouldBeSubsetOf(withKey);

        static List<string> WithoutComment(string text) => [.. text.Split('\n').SkipWhile(line => line.StartsWith('#'))];
    }

    [Fact]
    public void What_is_asked_of_the_containers_is_a_command_of_the_service()
    {
        var asked = List(Services(Demo)["api-1"]!["healthcheck"]!["test"]).ToList();

        asked.ShouldBe(["CMD", "dotnet", "/app/GenesysAnalyticsApi.dll", HealthCommand.Name, "ready"]);
        Dockerfile("ENTRYPOINT").ShouldBe("""["dotnet", "/app/GenesysAnalyticsApi.dll"]""");
    }

    [Fact]
    public void A_container_may_take_as_long_to_stop_as_the_service_does()
    {
        var given = Services(Demo)["api-1"]!["stop_grace_period"]!.GetValue<string>();

        TimeSpan.FromSeconds(int.Parse(given.TrimEnd('s'), CultureInfo.InvariantCulture)).ShouldBeGreaterThan(KubernetesTests.LongestStop(TimeSpan.Zero));
    }

    /// <summary>The last of its kind, which is that of the image that is made by default.</summary>
    internal static string Dockerfile(string instruction) =>
        Regex.Matches(Repository.Read("docker/Dockerfile"), $"^{instruction} (?<words>.+)$", RegexOptions.Multiline)[^1].Groups["words"].Value;

    /// <summary>As Compose puts them together: what the second file has wins.</summary>
    private static Dictionary<string, string> LiveVariables()
    {
        var variables = Map(Services(Demo)["api-1"]!["environment"]);
        foreach (var (name, value) in Map(Services(Live)["api-1"]!["environment"]))
        {
            variables[name] = Given().Replace(value, name.EndsWith("Region", StringComparison.Ordinal) ? "eu-west-1" : "given");
        }

        return variables;
    }

    [GeneratedRegex(@"\$\{[^}]+\}")]
    private static partial Regex Given();
}
