using System.Net;
using System.Net.Sockets;

namespace GenesysAnalyticsApi.Security.Authentication;

/// <summary>
/// Names the network of a client: an IPv4 address, or the /64 prefix of an IPv6 address, because one client can use all 2⁶⁴ addresses of a prefix.
/// </summary>
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
