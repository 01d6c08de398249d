"""Background work of the platform itself."""

from __future__ import annotations

from procrastinate.contrib.django import app


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="config.retry_stalled_jobs", pass_context=False)
async def retry_stalled_jobs(timestamp: int) -> None:
    """Every minute: jobs whose worker was killed are done again. Jobs are idempotent."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="config.delete_finished_jobs", pass_context=False)
async def delete_finished_jobs(timestamp: int) -> None:
    """Every night: jobs that succeeded more than three days ago go."""
    await app.job_manager.delete_old_jobs(nb_hours=72)
