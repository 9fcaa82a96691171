[assembly: AssemblyFixture(typeof(ClinicOnSqlite))]
[assembly: AssemblyFixture(typeof(ClinicOnPostgres))]
