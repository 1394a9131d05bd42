using System.Net;
using System.Net.Sockets;

namespace GenesysAnalyticsApi.Security.Authentication;

/// <summary>Names the network of a client. IPv6 addresses are reduced to their /64 prefix, because one client can use all of its 2⁶⁴ addresses.</summary>
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
