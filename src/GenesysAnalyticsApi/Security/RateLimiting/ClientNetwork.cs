using System.Net;
using System.Net.Sockets;

namespace GenesysAnalyticsApi.Security.RateLimiting;

/// <summary>Where requests come from, as far as that tells one asker from another: of IPv6 the first half, since whoever has an address there has 2⁶⁴ of them.</summary>
internal static class ClientNetwork
{
    private const int NetworkBytes = 8;

    public static string NameOf(IPAddress? address)
    {
        if (address is null or { AddressFamily: AddressFamily.InterNetwork } or { IsIPv4MappedToIPv6: true })
        {
            return address is null ? "unknown" : address.MapToIPv4().ToString();
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[NetworkBytes..].Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
