using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Fiducial.Archive.Files;

/// <summary>
/// sync_file_range(2): the disk begins to write what a file has so far, so that the flush at its end has little left to wait for. It promises
/// nothing; only the flush does. .NET has no call for it.
/// </summary>
internal static partial class EarlyWriting
{
    private const uint BeginToWrite = 2;

    public static void Begin(SafeFileHandle file, long offset, long length)
    {
        if (OperatingSystem.IsLinux())
        {
            // A file system that cannot do it writes later: nothing is lost.
            _ = SyncFileRange(file, offset, length, BeginToWrite);
        }
    }

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);
}
