"""The web interface: pages for people and an API for programs, over the same rows.

gate        which requests get in (the judgement is in `admission`), and the headers of answers
backend     what pages and API work on: store, stages, settings
submission  addresses and uploads become a job
api/        one module a noun, JSON
pages/      one module a noun, HTML from templates; they work without the one script that keeps them live
server      uvicorn; `child` is the same as a child of `feedmill up`
"""
