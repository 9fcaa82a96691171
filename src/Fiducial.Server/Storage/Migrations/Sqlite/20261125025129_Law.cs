using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fiducial.Server.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Law : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "GlassToReview",
                table: "exams",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "GlassWithDirector",
                table: "exams",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateTable(
                name: "workstations",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Zone = table.Column<string>(type: "TEXT", nullable: false),
                    RegisteredAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CodeHash = table.Column<string>(type: "TEXT", nullable: false),
                    CodeUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    KeyHash = table.Column<string>(type: "TEXT", nullable: false),
                    EnrolledAt = table.Column<long>(type: "INTEGER", nullable: true),
                    RevokedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_workstations", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_workstations_CodeHash",
                table: "workstations",
                column: "CodeHash");

            migrationBuilder.CreateIndex(
                name: "IX_workstations_KeyHash",
                table: "workstations",
                column: "KeyHash");

            // What was broken before its review was a step waits for it (ExamFold, B1).
            migrationBuilder.Sql(@"UPDATE exams SET ""GlassToReview"" = (SELECT coalesce(group_concat(""Sequence"" || ' ', ''), '') FROM (SELECT l.""Sequence"" FROM ledger l WHERE l.""ExamId"" = exams.""Id"" AND l.""Step"" = 'B1' AND l.""Taken"" ORDER BY l.""Sequence""))");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "workstations");

            migrationBuilder.DropColumn(
                name: "GlassToReview",
                table: "exams");

            migrationBuilder.DropColumn(
                name: "GlassWithDirector",
                table: "exams");
        }
    }
}
