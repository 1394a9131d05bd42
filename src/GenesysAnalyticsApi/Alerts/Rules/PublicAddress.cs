using System.Net;
using System.Net.Sockets;

namespace GenesysAnalyticsApi.Alerts.Rules;

/// <summary>
/// Distinguishes public addresses from addresses of this machine, its network and its cloud: loopback, private, link-local (including the metadata services of
/// clouds), shared, reserved and multicast addresses (IANA special-purpose registries), and IPv6 addresses that contain such an IPv4 address.
/// </summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] NotPublic =
    [
        // "This network", private, shared (carrier-grade NAT), loopback, link-local, IETF protocols, documentation, 6to4 relays, benchmarks, multicast and
        // reserved.
        .. Networks("0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"),
        // The virtual address of Azure's host, which is in a public range.
        .. Networks("168.63.129.16/32"),
        // IETF protocols, including Teredo, and documentation.
        .. Networks("2001::/23 2001:db8::/32 3fff::/20"),
    ];

    /// <summary>The range of public IPv6 addresses. Other IPv6 addresses are special (loopback, unique local, link-local, multicast) or unassigned.</summary>
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    public static bool Is(IPAddress address)
    {
        if (Embedded(address) is { } inner)
        {
            return Is(inner);
        }

        return (address.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(address)) && !Array.Exists(NotPublic, network => network.Contains(address));
    }

    /// <summary>The IPv4 address to which a connection to this IPv6 address leads; null if the address contains no such IPv4 address.</summary>
    private static IPAddress? Embedded(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return null;
        }

        var bytes = address.GetAddressBytes();
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
            : SixToFour.Contains(address) ? new IPAddress(bytes.AsSpan(2, 4))
            : Nat64.Contains(address) ? new IPAddress(bytes.AsSpan(12, 4))
            : null;
    }

    private static IEnumerable<IPNetwork> Networks(string text) => text.Split(' ').Select(IPNetwork.Parse);
}
