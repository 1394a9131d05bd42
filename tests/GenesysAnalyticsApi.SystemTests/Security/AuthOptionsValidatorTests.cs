using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Hosting;
using GenesysAnalyticsApi.SystemTests.Hosting;
using Microsoft.Extensions.Configuration;

namespace GenesysAnalyticsApi.SystemTests.Security;

/// <summary>The validation of settings prevents a service from being open, or inaccessible, by accident.</summary>
public sealed class AuthOptionsValidatorTests
{
    private const string Hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789ABCDEF";

    [Theory]
    [InlineData("", "Auth:Mode is missing. Give ApiKey, with a key made by `keys new`, or Jwt; or Auth:AllowAnonymous=true to allow anonymous access (environment variable Auth__Mode).")]
    [InlineData("Mode=Anonymous", "Auth:Mode = 'Anonymous' allows anonymous access. Also give Auth:AllowAnonymous=true if that is intended, or give ApiKey or Jwt.")]
    [InlineData("Mode=ApiKey,Anonymous Keys:0:Name=a Keys:0:Sha256=HASH", "Auth:Mode = 'ApiKey,Anonymous' allows anonymous access. Also give Auth:AllowAnonymous=true if that is intended, or give ApiKey or Jwt.")]
    [InlineData("Mode=Basic", "Auth:Mode = 'Basic' is not one of ApiKey, Jwt, Anonymous, or a list of these separated by commas.")]
    [InlineData("Mode=4 AllowAnonymous=true", "Auth:Mode = '4' is not one of ApiKey, Jwt, Anonymous, or a list of these separated by commas.")]
    [InlineData("Mode=ApiKey", "Auth:Keys is missing. Auth:Mode contains ApiKey, but there is no key: make one with `keys new --name …` (environment variable Auth__Keys).")]
    [InlineData("Mode=Anonymous AllowAnonymous=true Keys:0:Name=a Keys:0:Sha256=HASH", "Auth:Keys are set, but Auth:Mode does not contain ApiKey. Add ApiKey to Auth:Mode, or remove the keys.")]
    [InlineData("AllowAnonymous=yes", "Auth:AllowAnonymous = 'yes' is neither true nor false. The default is False.")]
    [InlineData("AllowAnonymous=true Metrics=Everyone", "Auth:Metrics = 'Everyone' is none of Anyone, Callers, Operators, Off. The default is Operators.")]
    [InlineData("AllowAnonymous=true Doctor=Anyone", "Auth:Doctor = 'Anyone' is none of Operators, Off. The default is Operators.")]
    [InlineData("AllowAnonymous=true Swagger=Everyone", "Auth:Swagger = 'Everyone' is none of Anyone, Callers, Operators, Off. The default is Anyone.")]
    [InlineData("AllowAnonymous=true AnonymousScopes=read,agent", "Auth:AnonymousScopes = 'read,agent' is not one of read, details, agents, operator, or a list of these separated by commas.")]
    [InlineData("AllowAnonymous=true AnonymousScopes=,", "Auth:AnonymousScopes = ',' is not one of read, details, agents, operator, or a list of these separated by commas.")]
    [InlineData("AllowAnonymous=true AnonymousScopes:0=read", "Auth:AnonymousScopes is a single value, not a section. Set it without further keys.")]
    [InlineData("Mode=Jwt Jwt:Audience=a", "Auth:Jwt:Authority is missing. Give the address of the identity provider, such as https://login.example.com/tenant (environment variable Auth__Jwt__Authority).")]
    [InlineData("Jwt:Authority=https://login.example.com", "Auth:Jwt:Audience is missing. Give the audience of tokens for this service; otherwise tokens for any other service would be accepted (environment variable Auth__Jwt__Audience).")]
    [InlineData("Jwt:Authority=http://login.example.com Jwt:Audience=a", "Auth:Jwt:Authority = 'http://login.example.com/' does not use https. Others on the network could replace the signing keys of the identity provider.")]
    [InlineData("Mode=Anonymous AllowAnonymous=true Jwt:Authority=https://login.example.com Jwt:Audience=a", "Auth:Jwt:Authority is set, but Auth:Mode does not contain Jwt. Add Jwt to Auth:Mode, or remove the authority.")]
    [InlineData("Keys:0:Sha256=HASH", "Auth:Keys:0:Name is missing. Give a name: the log shows it, and keys with the same name share one rate limit (environment variable Auth__Keys__0__Name).")]
    [InlineData("Keys:0:Name=a Keys:0:Sha256=gaa_the-key-itself", "Auth:Keys:0:Sha256 (value not shown) is not a SHA-256 hash, which has 64 hexadecimal digits. `keys new` prints the hash and the key; only the holder needs the key itself.")]
    [InlineData("Keys:0:Name=a Keys:0:Sha256=HASH Keys:0:Scopes:0=write", "Auth:Keys:0:Scopes = 'write' is none of read, details, agents, operator.")]
    [InlineData("Keys:0:Name=a Keys:0:Sha256=HASH Keys:0:Divisions:0=Sales", "Auth:Keys:0:Divisions = 'Sales' is not a division's id (a GUID).")]
    // Each of these would let the key see every queue.
    [InlineData("Keys:0:Name=a Keys:0:Sha256=HASH Keys:0:Queues=Bill*", "Auth:Keys:0:Queues is a list: give Auth:Keys:0:Queues:0, Auth:Keys:0:Queues:1 and so on.")]
    [InlineData("Keys:0:Name=a Keys:0:Sha256=HASH Keys:0:Queues=", "Auth:Keys:0:Queues is empty. Remove it if it should not limit anything.")]
    [InlineData("Keys:0:Name=a Keys:0:Sha256=HASH Keys:0:Queue:0=Bill*", "Auth:Keys:0:Queue is not a setting; the closest is Auth:Keys:0:Queues.")]
    [InlineData("Keys:0:Name=a Keys:0:Sha256=HASH Keys:0:Expires=2027-01-31", "Auth:Keys:0:Expires = '2027-01-31' is not an instant. Give date, time and offset, such as 2027-01-31T00:00:00Z.")]
    [InlineData("Keys:0:Name=a Keys:0:Sha256=HASH Keys:0:RequestsPerMinute=0", "Auth:Keys:0:RequestsPerMinute = '0' is not a whole number above 0.")]
    [InlineData("Keys:0:Name=a Keys:0:Sha256=HASH Keys:0:Expires=2027-01-31T00:00:00+15:00", "Auth:Keys:0:Expires = '2027-01-31T00:00:00+15:00' is not an instant. Give date, time and offset, such as 2027-01-31T00:00:00Z.")]
    // One key with two entries: the wider entry would win.
    [InlineData("Keys:0:Name=a Keys:0:Sha256=HASH Keys:0:Queues:0=Bill* Keys:1:Name=b Keys:1:Sha256=HASH", "Auth:Keys:1:Sha256 (value not shown) is also the hash of Auth:Keys:0 = 'a', so Auth:Keys:1 = 'b' is the same key. Remove one of them, or make a separate key with `keys new`.")]
    [InlineData("Keys:wide:Name=a Keys:wide:Sha256=HASH Keys:z:Name=a Keys:z:Sha256=hash", "Auth:Keys:z:Sha256 (value not shown) is also the hash of Auth:Keys:wide = 'a', so Auth:Keys:z = 'a' is the same key. Remove one of them, or make a separate key with `keys new`.")]
    [InlineData("Keys=secret AllowAnonymous=true", "Auth:Keys is a section, not a single value. Set the entries of the section instead.")]
    public void A_service_that_is_open_or_inaccessible_by_accident_does_not_start(string settings, string expected) =>
        FaultsOf(settings, "Production").ShouldBe([expected]);

    [Theory]
    [InlineData("AllowAnonymous=true", "Production")]
    [InlineData("Mode=anonymous AllowAnonymous=true", "Production")]
    [InlineData("AllowAnonymous=true AnonymousScopes=Read,agents", "Production")]
    [InlineData("AnonymousScopes=read,agents Keys:0:Name=a Keys:0:Sha256=HASH", "Development")]
    [InlineData("", "Development")]
    [InlineData("Keys:0:Name=a Keys:0:Sha256=HASH", "Production")]
    [InlineData("Mode=ApiKey Keys:wallboard:Name=a Keys:wallboard:Sha256=HASH Keys:wallboard:Queues:0=Bill* Keys:wallboard:Expires=2027-01-31T00:00:00+01:00", "Production")]
    [InlineData("Jwt:Authority=https://login.example.com/tenant Jwt:Audience=a", "Production")]
    [InlineData("Jwt:Authority=http://localhost:8080 Jwt:Audience=a", "Production")]
    [InlineData("Mode=ApiKey,Jwt Keys:0:Name=a Keys:0:Sha256=HASH Jwt:Authority=https://login.example.com Jwt:Audience=a", "Production")]
    public void Valid_authentication_settings_are_accepted(string settings, string environment) => FaultsOf(settings, environment).ShouldBeEmpty();

    [Theory]
    [InlineData("Production", "AllowAnonymous=true", "localhost;*", true)]
    [InlineData("Production", "AllowAnonymous=true", "", true)]
    [InlineData("Production", "AllowAnonymous=true", "[::]", true)]
    [InlineData("Development", "", "0.0.0.0", true)]
    [InlineData("Development", "", "localhost;*.example.com", false)]
    [InlineData("Production", "Keys:0:Name=a Keys:0:Sha256=HASH", "*", false)]
    public void Wildcard_host_names_require_authentication(string environment, string settings, string hosts, bool isFault) =>
        FaultsOf(settings, environment, ("AllowedHosts", hosts)).Any(fault => fault.StartsWith("AllowedHosts", StringComparison.Ordinal)).ShouldBe(isFault);

    private static IReadOnlyList<string> FaultsOf(string settings, string environment, params (string Key, string Value)[] more)
    {
        var all = new Dictionary<string, string?>(SettingsValidationTests.Complete) { ["Auth:AllowAnonymous"] = null };
        foreach (var setting in settings.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            all[$"Auth:{setting[..setting.IndexOf('=', StringComparison.Ordinal)]}"] = setting[(setting.IndexOf('=', StringComparison.Ordinal) + 1)..].Replace("HASH", Hash, StringComparison.Ordinal).Replace("hash", Hash.ToLowerInvariant(), StringComparison.Ordinal);
        }

        foreach (var (key, value) in more)
        {
            all[key] = value;
        }

        return SettingsValidation.FindFaults(new ConfigurationBuilder().AddInMemoryCollection(all.Where(setting => setting.Value is not null)).Build(), new SettingsValidationTests.NamedEnvironment(environment), [GenesysClient.Http]);
    }
}
