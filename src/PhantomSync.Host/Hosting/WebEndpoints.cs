using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry.Metrics;
using PhantomSync.Kafka.Health;

namespace PhantomSync.Host.Hosting;

/// <summary>What a running host shows of itself: whether it lives, whether it is ready, and its metrics for Prometheus.</summary>
internal static class WebEndpoints
{
    public static WebApplicationBuilder CreateBuilder(string urls)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(urls);
        builder.Services.AddRoutingCore();
        builder.Services.AddHealthChecks().AddKafkaHealthCheck();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("PhantomSync.*")
            .AddMeter("MassTransit")
            .AddMeter("Npgsql")
            .AddPrometheusExporter());
        return builder;
    }

    public static WebApplication Map(WebApplication application)
    {
        // A host whose broker or database is away is alive: restarting it would not bring them back.
        application.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        application.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = WriteAsync });
        application.MapPrometheusScrapingEndpoint("/metrics");
        return application;
    }

    private static async Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", report.Status.ToString());
        json.WriteStartObject("checks");
        foreach (var (name, entry) in report.Entries)
        {
            json.WriteStartObject(name);
            json.WriteString("status", entry.Status.ToString());
            json.WriteString("description", entry.Description);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
