using System.Globalization;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Tests.Infrastructure;
using k8s;
using k8s.Models;
using static GenesysAnalyticsApi.SystemTests.Deployment.DeploymentFiles;

namespace GenesysAnalyticsApi.SystemTests.Deployment;

/// <summary>The manifests contain only fields that Kubernetes defines, and agree with the service, the image and each other.</summary>
public sealed class KubernetesTests
{
    private const string Folder = "docker/kubernetes";

    private static readonly List<object> Objects = [.. Resources().SelectMany(file => KubernetesYaml.LoadAllFromString(Repository.Read(file), strict: true))];

    private static V1PodSpec Pod => DeploymentNamed("genesys-analytics-api").Spec.Template.Spec;

    private static V1Container Api => Pod.Containers.Single();

    [Fact]
    public void Every_manifest_parses_strictly_and_is_listed_in_the_kustomization() =>
        Objects.Select(one => one.GetType().Name).ShouldBe(
            [
                nameof(V1Namespace), nameof(V1ConfigMap), nameof(V1Deployment), nameof(V1Service), nameof(V1PodDisruptionBudget), nameof(V1Deployment),
                nameof(V1Service), nameof(V1NetworkPolicy), nameof(V1NetworkPolicy), nameof(V1Secret),
            ]);

    [Fact]
    public void The_service_accepts_its_settings_and_the_example_secret()
    {
        Dictionary<string, string> variables = new([
            .. The<V1ConfigMap>().Data, .. The<V1Secret>().StringData, .. Api.Env.Where(variable => variable.Value is not null).Select(variable => KeyValuePair.Create(variable.Name, variable.Value)),
        ]);

        // Kubernetes inserts the address of the pod before the service starts.
        variables = variables.ToDictionary(variable => variable.Key, variable => variable.Value.Replace("$(POD_IP)", "10.0.0.7", StringComparison.Ordinal));
        FaultsOf(variables).ShouldBeEmpty();
        UnknownSections(variables.Keys).ShouldBeEmpty();
        (variables["Auth__Mode"], variables["Genesys__Mode"]).ShouldBe(("ApiKey", "Live"));
        Api.EnvFrom.Single().ConfigMapRef.Name.ShouldBe(The<V1ConfigMap>().Metadata.Name);
        Pod.Volumes.Single(volume => volume.Secret is not null).Secret.SecretName.ShouldBe(The<V1Secret>().Metadata.Name);
        Api.VolumeMounts.ShouldContain(mount => mount.MountPath == GenesysAnalyticsApi.Configuration.SecretFiles.DefaultFolder);
    }

    [Fact]
    public void Probes_use_existing_paths_and_an_allowed_host_name()
    {
        var allowed = Api.Env.Single(variable => variable.Name == "AllowedHosts").Value.Split(';');

        foreach (var (probe, path) in new[] { (Api.StartupProbe, "/health/live"), (Api.LivenessProbe, "/health/live"), (Api.ReadinessProbe, "/health/ready") })
        {
            probe.HttpGet.Path.ShouldBe(path);
            probe.HttpGet.Port.Value.ShouldBe(Api.Ports.Single().Name);
            allowed.ShouldContain(probe.HttpGet.HttpHeaders.Single(header => header.Name == "Host").Value);
        }

        $"{Api.Ports.Single().ContainerPort}".ShouldBe(ComposeTests.Dockerfile("EXPOSE"));
    }

    [Fact]
    public void The_grace_period_of_a_pod_exceeds_the_longest_shutdown()
    {
        var drain = TimeSpan.Parse(The<V1ConfigMap>().Data["Limits__DrainTime"], CultureInfo.InvariantCulture);

        TimeSpan.FromSeconds(Pod.TerminationGracePeriodSeconds!.Value).ShouldBeGreaterThan(LongestStop(drain));
        drain.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds((Api.ReadinessProbe.PeriodSeconds * Api.ReadinessProbe.FailureThreshold)!.Value));
    }

    [Theory]
    [InlineData("genesys-analytics-api")]
    [InlineData("redis")]
    public void Pods_meet_the_restricted_pod_security_standard(string deployment)
    {
        var pod = DeploymentNamed(deployment).Spec.Template.Spec;

        pod.AutomountServiceAccountToken.ShouldBe(false);
        pod.SecurityContext.RunAsNonRoot.ShouldBe(true);
        pod.SecurityContext.RunAsUser!.Value.ShouldBeGreaterThan(0);
        pod.SecurityContext.SeccompProfile.Type.ShouldBe("RuntimeDefault");
        foreach (var container in pod.Containers)
        {
            container.SecurityContext.AllowPrivilegeEscalation.ShouldBe(false);
            container.SecurityContext.ReadOnlyRootFilesystem.ShouldBe(true);
            container.SecurityContext.Capabilities.Drop.ShouldBe(["ALL"]);
            container.Resources.Limits.Keys.ShouldBe(["cpu", "memory"], ignoreOrder: true);
            container.Resources.Requests.Keys.ShouldBe(["cpu", "memory"], ignoreOrder: true);
        }
    }

    [Fact]
    public void Every_pod_selector_matches_a_deployment()
    {
        var labels = Objects.OfType<V1Deployment>().Select(deployment => deployment.Spec.Template.Metadata.Labels["app.kubernetes.io/name"]).ToList();
        var selected = Objects.OfType<V1Deployment>().Select(one => one.Spec.Selector.MatchLabels)
            .Concat(Objects.OfType<V1Service>().Select(one => one.Spec.Selector))
            .Concat(Objects.OfType<V1PodDisruptionBudget>().Select(one => one.Spec.Selector.MatchLabels))
            .Concat(Objects.OfType<V1NetworkPolicy>().Select(one => one.Spec.PodSelector.MatchLabels))
            .Select(selector => selector.ShouldHaveSingleItem())
            .ToList();

        selected.Count.ShouldBe(7);
        selected.ShouldAllBe(label => label.Key == "app.kubernetes.io/name" && labels.Contains(label.Value));
        The<V1ConfigMap>().Data["Cache__Redis"].ShouldBe($"{Objects.OfType<V1Service>().Last().Metadata.Name}:{Objects.OfType<V1Service>().Last().Spec.Ports.Single().Port}");
    }

    /// <summary>
    /// The shutdown timeout of the service (see <c>HostingRegistration</c>): the drain time, the timeout of a running query, and 5 s to complete it.
    /// </summary>
    internal static TimeSpan LongestStop(TimeSpan drain) => drain + new AggregatesOptions().Timeout + TimeSpan.FromSeconds(5);

    private static T The<T>() => Objects.OfType<T>().Single();

    private static V1Deployment DeploymentNamed(string name) => Objects.OfType<V1Deployment>().Single(deployment => deployment.Metadata.Name == name);

    /// <summary>The files of the kustomization, in its order, and the example secret, which is not part of it.</summary>
    private static IEnumerable<string> Resources() =>
        List(Documents($"{Folder}/kustomization.yaml").Single()["resources"]).Append("secret.example.yaml").Select(file => $"{Folder}/{file}");
}
