using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Fiducial.Archive.Tests;

/// <summary>
/// A real object storage with the S3 protocol, Ceph's radosgw, on this machine: one for the whole test program, started when the first test
/// asks for it, and gone when the program ends, however it ends.
/// </summary>
internal static class RadosGateway
{
    internal const string AccessKey = "FIDKEY";
    internal const string SecretKey = "fidsecret0123456789";

    private static readonly string[] Programs = ["radosgw", "ceph-mon", "ceph-osd", "ceph"];
    private static readonly Lazy<Task<(string Folder, int Port)>> First = new(StartAsync);

    private static bool IsInstalled { get; } =
        Array.TrueForAll(Programs, p => File.Exists($"/usr/bin/{p}") || File.Exists($"/usr/sbin/{p}"));

    /// <summary>A bucket that nobody else has; the test is skipped where radosgw is not installed.</summary>
    public static async Task<ObjectStorage> NewBucketAsync()
    {
        Assert.SkipUnless(IsInstalled, "radosgw, ceph-mon and ceph-osd are not installed.");
        return Bucket((await First.Value).Port);
    }

    /// <summary>A second gateway to the same storage, for a test that takes it away.</summary>
    public static async Task<Door> NewDoorAsync()
    {
        Assert.SkipUnless(IsInstalled, "radosgw, ceph-mon and ceph-osd are not installed.");
        var door = new Door((await First.Value).Folder, FreePort());
        await door.OpenAsync();
        return door;
    }

    /// <summary>A gateway that can be lost and come back where it was.</summary>
    internal sealed class Door(string folder, int port) : IDisposable
    {
        private Process? _gateway;

        public ObjectStorage NewBucket() => Bucket(port);

        public async Task OpenAsync()
        {
            var own = $"{folder}/run/door-{port}";
            _gateway = Process.Start(
                new ProcessStartInfo(
                    "radosgw",
                    [
                        "-f",
                        "-c",
                        $"{folder}/ceph.conf",
                        "-n",
                        "client.rgw",
                        $"--rgw-frontends=beast endpoint=127.0.0.1:{port}",
                        $"--pid-file={own}.pid",
                        $"--admin-socket={own}.asok",
                        $"--log-file={folder}/log/door-{port}.log",
                    ]
                )
            )!;
            for (var attempt = 0; ; attempt++)
            {
                using var probe = new TcpClient();
                try
                {
                    await probe.ConnectAsync(IPAddress.Loopback, port);
                    return;
                }
                catch (SocketException) when (attempt < 600 && !_gateway.HasExited)
                {
                    await Task.Delay(100);
                }
            }
        }

        /// <summary>It is gone at once, with everything that it had in its hands.</summary>
        public void Lose()
        {
            _gateway!.Kill();
            _gateway.WaitForExit();
        }

        public void Dispose()
        {
            Lose();
            _gateway!.Dispose();
        }
    }

    private static ObjectStorage Bucket(int port) =>
        new($"s3://images{Guid.NewGuid():N}/clinic", $"http://127.0.0.1:{port}", AccessKey, SecretKey);

    // A port that was free may be taken a moment later, and on a busy machine Ceph gives up on itself: then once more, in another folder.
    private static async Task<(string Folder, int Port)> StartAsync()
    {
        const int attempts = 3;
        for (var attempt = 1; ; attempt++)
        {
            var folder = $"/tmp/fiducial-rgw-{Environment.ProcessId}-{attempt}";
            if (await StartAsync(folder) is { } port)
            {
                return (folder, port);
            }
            if (attempt == attempts)
            {
                var said = await File.ReadAllLinesAsync($"{folder}.log");
                throw new InvalidOperationException($"radosgw did not start: {string.Join('\n', said.TakeLast(20))}");
            }
        }
    }

    private static async Task<int?> StartAsync(string folder)
    {
        var (port, monitor) = (FreePort(), FreePort());
        var script = """
            set -euo pipefail
            dir=$1 port=$2 monitor=$3 parent=$4 key=$5 secret=$6
            export PATH=$PATH:/usr/sbin
            rm -rf "$dir"; mkdir -p "$dir"/{mon,osd/0,run,log}
            # In a session of its own: a signal to the group of the tests must not reach it.
            setsid bash -c 'while kill -0 "$2" 2>/dev/null; do sleep 1; done; kill $(cat "$1"/run/*.pid); sleep 1; rm -rf "$1" "$1.log"' \
              watch "$dir" "$parent" </dev/null >/dev/null 2>&1 &
            id=$(cat /proc/sys/kernel/random/uuid); ceph="ceph -c $dir/ceph.conf"
            cat > "$dir/ceph.conf" <<C
            [global]
            fsid=$id
            mon_host=127.0.0.1:$monitor
            mon_initial_members=a
            auth_cluster_required=none
            auth_service_required=none
            auth_client_required=none
            osd_pool_default_size=1
            osd_pool_default_min_size=1
            osd_pool_default_pg_num=8
            osd_pool_default_pgp_num=8
            mon_allow_pool_size_one=true
            osd_crush_chooseleaf_type=0
            public_addr=127.0.0.1
            cluster_addr=127.0.0.1
            run_dir=$dir/run
            admin_socket=$dir/run/\$cluster-\$name.asok
            pid_file=$dir/run/\$name.pid
            log_file=$dir/log/\$name.log
            mon_data=$dir/mon/a
            osd_data=$dir/osd/0
            osd_objectstore=bluestore
            bluestore_block_size=4294967296
            mon_data_avail_crit=1
            keyring=$dir/keyring
            [client.rgw]
            rgw_frontends=beast endpoint=127.0.0.1:$port
            C
            ceph-authtool --create-keyring "$dir/keyring" --gen-key -n mon. --cap mon 'allow *'
            ceph-authtool "$dir/keyring" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
            monmaptool --create --fsid "$id" --addv a "[v1:127.0.0.1:$monitor]" "$dir/monmap"
            ceph-mon -c "$dir/ceph.conf" --mkfs -i a --monmap "$dir/monmap" --keyring "$dir/keyring"
            ceph-mon -c "$dir/ceph.conf" -i a
            osd=$(cat /proc/sys/kernel/random/uuid)
            timeout 30 $ceph osd new "$osd" 0
            ceph-osd -c "$dir/ceph.conf" -i 0 --mkfs --osd-uuid "$osd"
            timeout 20 $ceph osd crush add osd.0 1.0 root=default host=localhost
            ceph-osd -c "$dir/ceph.conf" -i 0
            for i in $(seq 60); do timeout 5 $ceph osd stat 2>/dev/null | grep -q '1 up' && break; sleep .5; done
            radosgw -c "$dir/ceph.conf" -n client.rgw
            for i in $(seq 80); do (exec 3<>/dev/tcp/127.0.0.1/$port) 2>/dev/null && break; sleep .5; done
            radosgw-admin -c "$dir/ceph.conf" user create --uid=fid --display-name=fid --access-key="$key" --secret-key="$secret"
            """;
        using var process = Process.Start(
            new ProcessStartInfo(
                "bash",
                [
                    "-c",
                    "exec >\"$0\" 2>&1 </dev/null; eval \"$1\"",
                    $"{folder}.log",
                    $"set -- {folder} {port} {monitor} {Environment.ProcessId} {AccessKey} {SecretKey}\n{script}",
                ]
            )
        )!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? port : null;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
