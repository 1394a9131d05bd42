using Microsoft.AspNetCore.Authentication;

namespace GenesysAnalyticsApi.Security;

/// <summary>The framework reads settings of its own for bearer tokens (<c>Authentication:Schemes</c>). Ours are in <c>Auth</c>, and no others count.</summary>
internal sealed class NoFurtherConfiguration : IAuthenticationConfigurationProvider
{
    public IConfiguration AuthenticationConfiguration { get; } = new ConfigurationBuilder().Build();
}
