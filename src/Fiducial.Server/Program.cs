using Fiducial.Server.Commands;

return await CommandLine.RunAsync(args);
