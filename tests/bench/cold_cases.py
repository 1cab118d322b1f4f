"""The work of the processes of cold.py. Each imports its own modules: this module costs nothing."""

import os


def bare():
    """Start and end."""


def naive():
    """Do as tutorials do: a client of each service with boto3, each used once."""
    import json

    import boto3

    table = boto3.client("dynamodb")
    sockets = boto3.client("apigatewaymanagementapi")
    table.get_item(TableName="passerby", Key={"pk": {"S": "room#" + os.environ["ROOM"]}, "sk": {"S": "room"}})
    sockets.post_to_connection(ConnectionId=os.environ["SENDER"], Data=json.dumps({"type": "message"}).encode())


def ready():
    """Load a handler as Lambda does: both clients were used once then."""
    import importlib

    module = importlib.import_module("functions.handlers.relay")
    assert str(module.__file__).startswith(os.environ["PYTHONPATH"].partition(":")[0]), "what is deployed is measured"
    return module.handler


def product():
    """Do so, and relay a line."""
    import json

    handler = ready()
    body = {"action": "message", "room": os.environ["ROOM"], "seq": 1, "text": "hello"}
    context = {"routeKey": "message", "connectionId": os.environ["SENDER"]}
    answer = handler({"requestContext": context, "body": json.dumps(body), "isBase64Encoded": False}, None)
    assert answer == {"statusCode": 200}, answer
