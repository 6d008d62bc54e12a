package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// progress is the status of a backup or a restore. Without pointers, a missing field is 0 or empty.
type progress struct {
	Status   int
	Filename string
}

// DeviceError is an error that the module returned. Its HTTP status is 200 too; only the code differs.
type DeviceError struct{ Code int32 }

func (e DeviceError) Error() string { return fmt.Sprintf("the module returned code %d", e.Code) }

// readBody returns the body of a response, regardless of its Content-Type (A16).
func readBody(response *http.Response, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the module returned HTTP status %s", response.Status)
	}
	return io.ReadAll(response.Body)
}

// readFields checks the code, and returns the fields of a response.
func readFields[T any](response *http.Response, err error) (T, error) {
	var fields T
	body, err := readBody(response, err)
	if err != nil {
		return fields, err
	}
	var envelope struct{ Code int32 }
	if err := json.Unmarshal(body, &envelope); err != nil {
		return fields, err
	}
	if envelope.Code != 0 {
		return fields, DeviceError{envelope.Code}
	}
	return fields, json.Unmarshal(body, &fields)
}

// readData checks the code, and returns the data of a response.
func readData[T any](response *http.Response, err error) (T, error) {
	envelope, err := readFields[struct{ Data *T }](response, err)
	if err != nil {
		return *new(T), err
	}
	if envelope.Data == nil {
		return *new(T), fmt.Errorf("the module returned a success without data")
	}
	return *envelope.Data, nil
}

// check checks the code of a response.
func check(response *http.Response, err error) error {
	_, err = readFields[struct{}](response, err)
	return err
}

// readBytes returns the body of a binary response, which can be a JSON error instead (A10).
func readBytes(response *http.Response, err error) ([]byte, error) {
	body, err := readBody(response, err)
	if err != nil {
		return nil, err
	}
	var failure struct{ Code int32 }
	if bytes.HasPrefix(body, []byte("{")) && json.Unmarshal(body, &failure) == nil && failure.Code != 0 {
		return nil, DeviceError{failure.Code}
	}
	return body, nil
}
